/** Event patterns as AWS matches them, and the ways of events to AWS services. */
@NullMarked
package dev.coffer.aws.event;

import org.jspecify.annotations.NullMarked;
