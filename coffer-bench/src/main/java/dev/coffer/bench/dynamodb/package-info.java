/** What stands beside a backup of DynamoDB tables in bench/dynamodb.sh: a server with a table, and the bare reading and writing of one. */
@NullMarked
package dev.coffer.bench.dynamodb;

import org.jspecify.annotations.NullMarked;
