/** What a node keeps in its data folder: the lock, the node key, the credentials file. */
@NullMarked
package dev.coffer.server.node;

import org.jspecify.annotations.NullMarked;
