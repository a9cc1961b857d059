@NullMarked
package dev.coffer.aws.s3;

import org.jspecify.annotations.NullMarked;
