/**
 * DynamoDB tables behind any endpoint that speaks the API.
 *
 * <p>A capture is {@link dev.coffer.aws.dynamodb.TableCapture}: a parallel scan and what the stream tells meanwhile go through {@link dev.coffer.aws.dynamodb.Sorter} into pieces in the order of the keys. How a point is laid out
 * and why is in docs/decisions/0100-dynamodb.md.
 */
@NullMarked
package dev.coffer.aws.dynamodb;

import org.jspecify.annotations.NullMarked;
