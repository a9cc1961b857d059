/** DynamoDB in this process: tables, streams and settings over the JSON protocol, with faults on demand. */
@NullMarked
package dev.coffer.testkit.dynamodb;

import org.jspecify.annotations.NullMarked;
