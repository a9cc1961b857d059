package dev.coffer.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.problem.Refused;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressPolicyTest {
    private static AddressPolicy of(String entries) {
        return AddressPolicy.of(Arrays.stream(entries.split(" "))
                .filter(entry -> !entry.isEmpty())
                .toList());
    }

    @ParameterizedTest
    @CsvSource({
        // entries, host, address, allowed
        "hooks.example.org,  hooks.example.org,   93.184.216.34,         true",
        "hooks.example.org,  HOOKS.example.org.,  93.184.216.34,         true",
        "hooks.example.org,  other.example.org,   93.184.216.34,         false",
        "*.example.org,      a.b.example.org,     93.184.216.34,         true",
        "*.example.org,      example.org,         93.184.216.34,         false",
        "*.example.org,      badexample.org,      93.184.216.34,         false",
        "*,                  any.example.com,     93.184.216.34,         true",
        "*,                  any.example.com,     2606:2800:220:1::1,    true",
        "*,                  93.184.216.34,       93.184.216.34,         false",
        // a name that points inside
        "*,                  rebind.example.com,  127.0.0.1,             false",
        "*,                  rebind.example.com,  10.0.0.1,              false",
        "*,                  rebind.example.com,  ::1,                   false",
        "*,                  rebind.example.com,  fd12::1,               false",
        "*,                  rebind.example.com,  64:ff9b::7f00:1,       false",
        "*,                  rebind.example.com,  2002:7f00:1::,         false",
        "* 10.0.0.0/8,       inside.example.com,  10.2.3.4,              true",
        "10.1.0.0/16,        10.1.255.255,        10.1.255.255,          true",
        "10.1.0.0/16,        10.2.0.0,            10.2.0.0,              false",
        "10.1.2.3,           10.1.2.3,            10.1.2.3,              true",
        "fd12:3::/32,        fd12:3::9,           fd12:3::9,             true",
        "localhost,          localhost,           127.0.0.1,             true",
        "localhost,          127.9.9.9,           127.9.9.9,             true",
        "localhost,          ::1,                 ::1,                   true",
        "'',                 hooks.example.org,   93.184.216.34,         false",
        // never, whatever the entries say
        "* 0.0.0.0/0,        169.254.169.254,     169.254.169.254,       false",
        "* 0.0.0.0/0,        meta.example.com,    169.254.169.254,       false",
        "* 0.0.0.0/0,        0.0.0.0,             0.0.0.0,               false",
        "* 0.0.0.0/0,        a.example.com,       100.100.100.200,       false",
        "* 0.0.0.0/0,        a.example.com,       224.0.0.1,             false",
        "* ::/0,             a.example.com,       fe80::1,               false",
        "* ::/0,             a.example.com,       fd00:ec2::254,         false",
        "* ::/0,             a.example.com,       64:ff9b::a9fe:a9fe,    false",
        "* ::/0,             a.example.com,       2002:a9fe:a9fe::1,     false",
        "* ::/0,             a.example.com,       ::a9fe:a9fe,           false"
    })
    void anAddressPassesOnlyIfAnEntryAllowsIt(String entries, String host, String address, boolean allowed) {
        assertThat(of(entries).objectionTo(host, InetAddress.ofLiteral(address)).isEmpty())
                .isEqualTo(allowed);
    }

    @Test
    void anAddressInAnAddressIsTheInnerOne() {
        var inner = AddressPolicy.literal("[::ffff:127.0.0.1]").orElseThrow();
        assertThat(inner).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
        assertThat(of("*").objectionTo("[::ffff:127.0.0.1]")).isPresent();
        assertThat(of("::/0").objectionTo("[::ffff:169.254.169.254]")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2130706433", "0x7f000001", "0177.0.0.1", "127.1", "10.1", "1.2.3.4.5", ""})
    void numbersThatSomeResolversTakeAsAddressesAreNoHosts(String host) {
        assertThat(of("* 0.0.0.0/0").objectionTo(host).isPresent()
                        || AddressPolicy.literal(host).isPresent())
                .isTrue();
        assertThat(of("*").objectionTo(host)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/x", "http://a", "a b", "::/129", "a/8", "*.*"})
    void anEntryThatCannotBeUnderstoodIsRefused(String entry) {
        assertThatThrownBy(() -> AddressPolicy.of(List.of(entry))).isInstanceOf(Refused.class);
    }
}
