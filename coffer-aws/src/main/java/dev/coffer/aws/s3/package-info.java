/**
 * S3 buckets behind an endpoint: discovery, backup, restore. Every call goes through {@link dev.coffer.aws.s3.Calls}, which paces, repeats and explains; the layout of a recovery point is in {@link dev.coffer.aws.s3.KeyPath} and
 * {@link dev.coffer.aws.s3.ObjectFacts}.
 */
@NullMarked
package dev.coffer.aws.s3;

import org.jspecify.annotations.NullMarked;
