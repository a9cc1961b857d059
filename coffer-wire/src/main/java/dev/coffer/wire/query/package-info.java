/** The protocol {@code aws.protocols#awsQuery}, in which a request is a form and an answer is XML. STS speaks it. */
@NullMarked
package dev.coffer.wire.query;

import org.jspecify.annotations.NullMarked;
