package endpoint

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// Address is one of the target's addresses, with the result of the last attempt to connect to it.
type Address struct {
	netip.AddrPort
	good   atomic.Bool  // the last attempt connected
	failed atomic.Int64 // when the last attempt failed, in ns since 1970; 0: it did not
}

// demotedFor is the time for which a failed address is only tried after the others.
const demotedFor = 10 * time.Second

// Connected records that an attempt connected.
func (a *Address) Connected() {
	a.good.Store(true)
	a.failed.Store(0)
}

// Fail records that an attempt failed.
func (a *Address) Fail() {
	a.good.Store(false)
	a.failed.Store(time.Now().UnixNano())
}

// Good reports whether the last attempt connected.
func (a *Address) Good() bool { return a.good.Load() }

func (a *Address) suspect() bool {
	at := a.failed.Load()
	return at != 0 && time.Now().UnixNano()-at < int64(demotedFor)
}

// addressesOf keeps the results for addresses that were known before.
func addressesOf(list []netip.AddrPort, before *[]*Address) []*Address {
	var addrs []*Address
next:
	for _, a := range list {
		if before != nil {
			for _, known := range *before {
				if known.AddrPort == a {
					addrs = append(addrs, known)
					continue next
				}
			}
		}
		addrs = append(addrs, &Address{AddrPort: a})
	}
	return addrs
}

// Next returns the address to try first, and whether there are others. Addresses are used in turn; those that failed recently are used only
// if all did.
func (e *Endpoint) Next() (first *Address, several bool, err error) {
	if err := e.current(); err != nil {
		return nil, false, err
	}
	list := *e.addrs.Load()
	from := e.turn.Add(1)
	for i := range uint64(len(list)) {
		if a := list[(from+i)%uint64(len(list))]; !a.suspect() {
			return a, len(list) > 1, nil
		}
	}
	return list[from%uint64(len(list))], len(list) > 1, nil
}

// candidates returns all addresses in the order in which one connection tries them, starting with first; nil: with the next in turn.
func (e *Endpoint) candidates(first *Address) (list []*Address, err error) {
	if first == nil {
		if first, _, err = e.Next(); err != nil {
			return nil, err
		}
	}
	list = append(list, first)
	var suspects []*Address
	for _, a := range *e.addrs.Load() {
		switch {
		case a == first:
		case a.suspect():
			suspects = append(suspects, a)
		default:
			list = append(list, a)
		}
	}
	return append(list, suspects...), nil
}

// attemptDelay is the time after which the next address is tried in parallel (RFC 8305 section 8).
const attemptDelay = 250 * time.Millisecond

// dialResult is the result of dialing one address.
type dialResult struct {
	at   int // index in the list
	conn net.Conn
	err  error
}

// race connects to the first address that responds. It tries the next one when an attempt fails, or has not succeeded within attemptDelay.
// If all fail, the error lists all of them.
func (e *Endpoint) race(ctx context.Context, list []*Address) (net.Conn, error) {
	if len(list) == 1 {
		return e.open(ctx, "tcp", list[0].String(), e.Source(list[0].Addr()))
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan dialResult)
	failures := make([]error, len(list))
	timer := time.NewTimer(attemptDelay)
	defer timer.Stop()
	started, running := 0, 0
	for start := true; ; {
		if start && started < len(list) {
			go e.attempt(ctx, list, started, results)
			started, running = started+1, running+1
			timer.Reset(attemptDelay)
		}
		start = false
		select {
		case r := <-results:
			if r.err == nil {
				e.won(list[:started], r.at, failures)
				return r.conn, nil
			}
			list[r.at].Fail()
			failures[r.at] = r.err
			running--
			if start = true; running == 0 && started == len(list) {
				return nil, allFailed(failures)
			}
		case <-timer.C:
			start = true
		case <-ctx.Done():
			for i := range started {
				if failures[i] == nil {
					list[i].Fail()
				}
			}
			return nil, ctx.Err()
		}
	}
}

// attempt dials one of the addresses, unless another one has succeeded in the meantime.
func (e *Endpoint) attempt(ctx context.Context, list []*Address, i int, results chan<- dialResult) {
	a := list[i]
	conn, err := e.open(ctx, "tcp", a.String(), e.Source(a.Addr()))
	select {
	case results <- dialResult{i, conn, err}:
	case <-ctx.Done():
		if conn != nil {
			conn.Close()
		}
	}
}

// won records that an address responded, and that the addresses tried before it did not in time.
func (e *Endpoint) won(tried []*Address, winner int, failures []error) {
	tried[winner].Connected()
	for i := range winner {
		if failures[i] == nil {
			tried[i].Fail()
		}
	}
}

// allFailed returns why no address could be connected to. It wraps all errors.
func allFailed(failures []error) error {
	const most = 3
	if more := len(failures) - most; more > 0 {
		failures = append(failures[:most:most], fmt.Errorf("%d more addresses failed", more))
	}
	return errors.Join(failures...)
}
