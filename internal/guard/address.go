package guard

import "net/netip"

// refusedPrefixes are the ranges of the public-looking address space that lead to no public host.
//
// Sources: https://www.iana.org/assignments/iana-ipv4-special-registry/ and
// https://www.iana.org/assignments/iana-ipv6-special-registry/.
func refusedPrefixes() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),       // this network
		netip.MustParsePrefix("10.0.0.0/8"),      // private
		netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT
		netip.MustParsePrefix("127.0.0.0/8"),     // loopback
		netip.MustParsePrefix("169.254.0.0/16"),  // link-local, metadata services
		netip.MustParsePrefix("172.16.0.0/12"),   // private
		netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
		netip.MustParsePrefix("192.0.2.0/24"),    // documentation
		netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
		netip.MustParsePrefix("192.168.0.0/16"),  // private
		netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
		netip.MustParsePrefix("198.51.100.0/24"), // documentation
		netip.MustParsePrefix("203.0.113.0/24"),  // documentation
		netip.MustParsePrefix("224.0.0.0/4"),     // multicast
		netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast
		netip.MustParsePrefix("2001::/23"),       // protocol assignments, Teredo
		netip.MustParsePrefix("2001:db8::/32"),   // documentation
		netip.MustParsePrefix("3fff::/20"),       // documentation
	}
}

// space is what the checks of addresses stand on.
type space struct {
	refused              []netip.Prefix
	unicast, nat64, six4 netip.Prefix
}

func newSpace() space {
	return space{
		refused: refusedPrefixes(),
		unicast: netip.MustParsePrefix("2000::/3"),
		nat64:   netip.MustParsePrefix("64:ff9b::/96"),
		six4:    netip.MustParsePrefix("2002::/16"),
	}
}

// public reports whether an address is one of the public Internet. An IPv6 form of an IPv4 address is judged by the latter;
// an address with a zone lies in no range, and so in none that is public.
func (s space) public(a netip.Addr) bool {
	if !a.IsValid() {
		return false
	}
	a = a.Unmap()
	if a.Is6() {
		bytes := a.As16()
		switch {
		case s.nat64.Contains(a):
			return s.public(netip.AddrFrom4([4]byte(bytes[12:16])))
		case s.six4.Contains(a):
			return s.public(netip.AddrFrom4([4]byte(bytes[2:6])))
		case !s.unicast.Contains(a):
			return false
		}
	}
	for _, p := range s.refused {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
