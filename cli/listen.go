package cli

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"landfall/cli/exit"
)

// brokerFlags are where the embedded broker listens.
type brokerFlags struct {
	Listen   string `default:"127.0.0.1:9092" placeholder:"HOST:PORT" help:"Where the embedded broker listens (127.0.0.1:9092); port 0: a free one. Beyond this machine it needs --insecure."`
	Insecure bool   `help:"Let the embedded broker listen beyond this machine: whoever reaches it can command the fleet."`
}

// check refuses a --listen that is no address, or one beyond this machine that was not asked for: the embedded broker has neither
// authentication nor TLS.
func (f brokerFlags) check() error {
	if err := listens(f.Listen); err != nil {
		return err
	}
	if onlyHere(f.Listen) || f.Insecure {
		return nil
	}
	return &exit.UsageError{Err: fmt.Errorf("--listen %s: the embedded broker has no authentication, so whoever reaches it can command the fleet; "+
		"add --insecure if everybody on that network may, or use Apache Kafka, or fleet up --tunnel", f.Listen)}
}

// onlyHere tells whether only this machine can reach an address to listen on.
func onlyHere(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// listens refuses a --listen that is no address.
func listens(addr string) error {
	if _, port, err := net.SplitHostPort(addr); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err == nil {
			return nil
		}
	}
	return &exit.UsageError{Err: fmt.Errorf("--listen %q: must be host:port, such as 127.0.0.1:8080, with a port from 0 (a free one) to 65535", addr)}
}
