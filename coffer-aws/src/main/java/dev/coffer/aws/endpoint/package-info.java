/** Clients of the endpoints that the configuration names: their addresses, credentials and connections. */
@NullMarked
package dev.coffer.aws.endpoint;

import org.jspecify.annotations.NullMarked;
