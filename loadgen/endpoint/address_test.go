package endpoint

import (
	"context"
	"errors"
	"fmt"
	"net"

	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// endpointTo returns an endpoint with addresses whose connections dial opens.
func endpointTo(dial func(ctx context.Context, network, address string) (net.Conn, error), list ...string) *Endpoint {
	e := &Endpoint{dialer: dial}
	for _, a := range list {
		e.fixed = append(e.fixed, netip.MustParseAddrPort(a))
	}
	known := addressesOf(e.fixed, nil)
	e.addrs.Store(&known)
	return e
}

func TestAddressesKeepTheirResults(t *testing.T) {
	a, b, c := netip.MustParseAddrPort("192.0.2.1:80"), netip.MustParseAddrPort("192.0.2.2:80"), netip.MustParseAddrPort("192.0.2.3:80")
	before := addressesOf([]netip.AddrPort{a, b}, nil)
	before[1].Fail()
	after := addressesOf([]netip.AddrPort{b, c}, &before)
	if after[0] != before[1] || !after[0].suspect() || after[1].suspect() {
		t.Errorf("%+v", after)
	}
	if after[0].Connected(); after[0].suspect() || !after[0].good.Load() {
		t.Error("an address that connected is still suspect")
	}
}

// A failed address is tried after the others, until some time has passed.
func TestFailedAddressesComeLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := endpointTo(nil, "192.0.2.1:80", "192.0.2.2:80", "192.0.2.3:80")
		list := *e.addrs.Load()
		list[1].Fail()
		for range 6 {
			if a, several, err := e.Next(); err != nil || !several || a == list[1] {
				t.Errorf("%v, several %v, %v", a.AddrPort, several, err)
			}
		}
		got, err := e.candidates(list[2])
		if err != nil || !slices.Equal(got, []*Address{list[2], list[0], list[1]}) {
			t.Errorf("%v, %v", got, err)
		}
		list[0].Fail()
		list[2].Fail()
		if a, _, err := e.Next(); err != nil || a == nil {
			t.Errorf("all have failed: %v, %v", a, err)
		}
		time.Sleep(demotedFor)
		if list[1].suspect() {
			t.Errorf("suspect after %v", demotedFor)
		}
	})
}

// An address that does not answer delays a connection by attemptDelay only; one that fails does not delay it.
func TestRace(t *testing.T) {
	refused := errors.New("refused")
	dial := func(ctx context.Context, _, address string) (net.Conn, error) {
		switch {
		case strings.HasPrefix(address, "192.0.2.1"): // silent
			<-ctx.Done()
			return nil, ctx.Err()
		case strings.HasPrefix(address, "192.0.2.2"):
			return nil, refused
		}
		ours, _ := net.Pipe()
		return ours, nil
	}
	for _, c := range []struct {
		list []string
		took time.Duration
		bad  []bool
	}{
		{[]string{"192.0.2.3:80", "192.0.2.1:80"}, 0, []bool{false, false}}, {[]string{"192.0.2.2:80", "192.0.2.3:80"}, 0, []bool{true, false}},
		{[]string{"192.0.2.1:80", "192.0.2.3:80"}, attemptDelay, []bool{true, false}}, {[]string{"192.0.2.1:80", "192.0.2.2:80", "192.0.2.3:80"}, attemptDelay, []bool{true, true, false}},
	} {
		synctest.Test(t, func(t *testing.T) {
			e, began := endpointTo(dial, c.list...), time.Now()
			list := *e.addrs.Load()
			conn, err := e.race(t.Context(), list)
			if err != nil || time.Since(began) != c.took {
				t.Errorf("%v: %v after %v, want %v", c.list, err, time.Since(began), c.took)
			} else {
				conn.Close()
			}
			for i, bad := range c.bad {
				if list[i].suspect() != bad {
					t.Errorf("%v: %s is suspect: %v", c.list, c.list[i], !bad)
				}
			}
			synctest.Wait()
		})
	}
	synctest.Test(t, func(t *testing.T) {
		e := endpointTo(dial, "192.0.2.2:80", "192.0.2.2:81")
		if _, err := e.race(t.Context(), *e.addrs.Load()); !errors.Is(err, refused) {
			t.Errorf("%v, want %v", err, refused)
		}
		silent := endpointTo(dial, "192.0.2.1:80", "192.0.2.1:81")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := silent.race(ctx, *silent.addrs.Load()); !errors.Is(err, context.DeadlineExceeded) || !(*silent.addrs.Load())[0].suspect() {
			t.Errorf("%v, want %v", err, context.DeadlineExceeded)
		}
	})
}

func TestErrorOfManyAddressesIsShort(t *testing.T) {
	var failures []error
	for i := range 10 {
		failures = append(failures, fmt.Errorf("failure %d", i))
	}
	if got := strings.Split(allFailed(failures).Error(), "\n"); len(got) != 4 || got[3] != "7 more addresses failed" {
		t.Errorf("%q", got)
	}
	if err := allFailed(failures[:2]); err.Error() != "failure 0\nfailure 1" {
		t.Error(err)
	}
}
