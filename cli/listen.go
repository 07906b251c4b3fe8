package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"

	"landfall/cli/exit"
	"landfall/node"
)

// brokerFlags configure the address of the embedded broker.
type brokerFlags struct {
	Listen   string `default:"127.0.0.1:9092" placeholder:"HOST:PORT" help:"Listen address of the embedded broker (127.0.0.1:9092); port 0 picks a free one; beyond this machine it needs --insecure."`
	Insecure bool   `help:"Let the embedded broker listen beyond this machine, without authentication: anyone who can connect controls the fleet."`
}

// check returns an error unless --listen is a valid address on this machine or --insecure is set: the
// embedded broker has neither authentication nor TLS.
func (f brokerFlags) check() error {
	if err := listens(f.Listen); err != nil {
		return err
	}
	if node.Loopback(f.Listen) || f.Insecure {
		return nil
	}
	return &exit.UsageError{Err: fmt.Errorf("--listen %s: the embedded broker has no authentication, so anyone who can connect controls the fleet: "+
		"add --insecure if you trust that network, or use Apache Kafka, or fleet up --tunnel", f.Listen)}
}

// notStarted names --listen or --data in an error about starting the embedded broker.
func notStarted(err error, addr string) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return &exit.UsageError{Err: exit.Unread("--data", err)}
	}
	return notBound(err, addr)
}

// notBound names --listen in an error about binding its address.
func notBound(err error, addr string) error {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "listen" {
		return err
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		return &exit.UsageError{Err: fmt.Errorf("--listen %s: %w", addr, call.Err)}
	}
	return &exit.UsageError{Err: fmt.Errorf("--listen %s: %w", addr, op.Err)}
}

// listens returns an error unless --listen is a valid address.
func listens(addr string) error {
	if _, port, err := net.SplitHostPort(addr); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err == nil {
			return nil
		}
	}
	return &exit.UsageError{Err: fmt.Errorf("--listen %q: must be host:port, such as 127.0.0.1:8080, with a port from 0 (a free one) to 65535", addr)}
}
