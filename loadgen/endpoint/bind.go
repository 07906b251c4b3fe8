package endpoint

import (
	"net"
	"net/netip"

	"landfall/loadgen/field"
)

// checkBind refuses source addresses that this machine does not have, before connections use them.
func (e *Endpoint) checkBind() error {
	for _, a := range e.bind {
		ln, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, 0)))
		if err != nil {
			return field.Wrong("bind", a, "must be an address of this machine: %v", err)
		}
		ln.Close()
	}
	return nil
}

// reachable returns the addresses that can be dialed from at least one of the source addresses.
func (e *Endpoint) reachable(addrs []netip.AddrPort) (list []netip.AddrPort) {
	for _, a := range addrs {
		if len(e.bind) == 0 || e.Source(a.Addr()).IsValid() {
			list = append(list, a)
		}
	}
	return list
}

// Source returns a source address for a connection, in turn among those of its family; the zero address: any.
func (e *Endpoint) Source(to netip.Addr) netip.Addr {
	for range e.bind {
		if from := e.bind[e.bound.Add(1)%uint64(len(e.bind))]; from.Is4() == to.Is4() {
			return from
		}
	}
	return netip.Addr{}
}
