@NullMarked
package dev.coffer.aws.dynamodb;

import org.jspecify.annotations.NullMarked;
