/** The AWS Backup and AWS Backup search protocols as data: what arrives and leaves, with no HTTP server and no domain type. */
@NullMarked
package dev.coffer.wire;

import org.jspecify.annotations.NullMarked;
