package dev.coffer.server.tag;

import dev.coffer.engine.tag.TagService;
import dev.coffer.server.api.Operations;
import software.amazon.awssdk.services.backup.model.ListTagsRequest;
import software.amazon.awssdk.services.backup.model.ListTagsResponse;
import software.amazon.awssdk.services.backup.model.TagResourceRequest;
import software.amazon.awssdk.services.backup.model.TagResourceResponse;
import software.amazon.awssdk.services.backup.model.UntagResourceRequest;
import software.amazon.awssdk.services.backup.model.UntagResourceResponse;

/** TagResource, UntagResource, ListTags. At most 50 tags exist, so a list is one page. */
public final class TagOperations {
    private TagOperations() {}

    public static void addTo(Operations operations, TagService tags) {
        operations.put(TagResourceRequest.class, (call, request) -> {
            tags.tag(call.caller(), request.resourceArn(), request.tags());
            return TagResourceResponse.builder().build();
        });
        operations.put(UntagResourceRequest.class, (call, request) -> {
            tags.untag(call.caller(), request.resourceArn(), request.tagKeyList());
            return UntagResourceResponse.builder().build();
        });
        operations.put(ListTagsRequest.class, (call, request) -> {
            call.page(request.maxResults(), request.nextToken());
            return ListTagsResponse.builder()
                    .tags(tags.list(call.caller(), request.resourceArn()).valueByKey())
                    .build();
        });
    }
}
