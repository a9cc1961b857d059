package dev.coffer.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.access.Origin;
import dev.coffer.server.node.NodeException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
    @Test
    void hostAndPortAreRead() {
        assertThat(Address.parse("127.0.0.1:8480")).isEqualTo(new Address("127.0.0.1", 8480));
        assertThat(Address.parse("[::1]:0")).isEqualTo(new Address("::1", 0));
        assertThat(Address.parse("localhost:65535").port()).isEqualTo(65535);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8480",
                ":8480",
                "host",
                "host:",
                "host:x",
                "host:65536",
                "host:-1",
                "::1:8480",
                "host:123456"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("HOST:PORT");
    }

    @Test
    void loopbackIsTold() {
        assertThat(Address.parse("127.0.0.1:1").isLoopback()).isTrue();
        assertThat(Address.parse("127.9.9.9:1").isLoopback()).isTrue();
        assertThat(Address.parse("[::1]:1").isLoopback()).isTrue();
        assertThat(Address.parse("0.0.0.0:1").isLoopback()).isFalse();
        assertThat(Address.parse("10.0.0.1:1").isLoopback()).isFalse();
    }

    @Test
    void aNodeIsReadyWhenAllChecksPassAndItIsNotStopping() {
        var broken = new boolean[1];
        var health = new HealthPages(Map.of("catalog", () -> {}, "storage", () -> {
            if (broken[0]) {
                throw new java.io.IOException("full");
            }
        }));
        var ready = Optional.ofNullable(health.pages(() -> "").get("/readyz")).orElseThrow();
        var request = new dev.coffer.wire.WireRequest(
                "GET", "/readyz", Optional.empty(), dev.coffer.wire.WireHeaders.of(Map.of()), new byte[0]);
        assertThat(ready.answer(request, Origin.WITHIN, "id").status()).isEqualTo(200);
        broken[0] = true;
        assertThat(ready.answer(request, Origin.WITHIN, "id")).satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("\"storage\":\"failed\"")
                    .contains("\"catalog\":\"ok\"");
        });
        broken[0] = false;
        health.stopping();
        assertThat(ready.answer(request, Origin.WITHIN, "id").status()).isEqualTo(503);
    }
}
