package dev.coffer.server.api;

import dev.coffer.core.access.Caller;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.wire.page.PageScope;
import dev.coffer.wire.page.PageTokens;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One verified request: who calls, and the tokens of its list. */
public final class Call {
    private static final int PAGE_SIZE = 1000;

    private final Caller caller;
    private final PageTokens tokens;
    private final PageScope scope;

    Call(Caller caller, PageTokens tokens, PageScope scope) {
        this.caller = caller;
        this.tokens = tokens;
        this.scope = scope;
    }

    public Caller caller() {
        return caller;
    }

    /** The part of the list that the request asks for. */
    public PageRequest page(@Nullable Integer maxResults, @Nullable String nextToken) {
        var after = Optional.ofNullable(nextToken).map(token -> tokens.cursor(scope, token));
        return new PageRequest(Optional.ofNullable(maxResults).orElse(PAGE_SIZE), after);
    }

    /** The token of the page after this one; null on the last page, which is how the SDK's builders say absent. */
    public @Nullable String nextToken(Page<?> page) {
        return page.next().map(cursor -> tokens.issue(scope, cursor)).orElse(null);
    }
}
