package endpoint

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"landfall/loadgen"
)

// resolving returns a lookup that finds addresses.
func resolving(addrs ...string) func(context.Context, string, string) ([]netip.Addr, error) {
	return func(context.Context, string, string) (list []netip.Addr, err error) {
		for _, a := range addrs {
			list = append(list, netip.MustParseAddr(a))
		}
		return list, nil
	}
}

func one(t *testing.T, target string, o Options) *Endpoint {
	t.Helper()
	list, err := New(loadgen.Spec{Target: target}, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func TestAddressesThatWereLookedUpMustBeAllowed(t *testing.T) {
	asked := ""
	allow := func(a netip.AddrPort, host string, resolved bool) error {
		asked = fmt.Sprint(host, " ", a, " ", resolved)
		return errors.New("refused")
	}
	_, err := New(loadgen.Spec{Target: "http://shop.example/"}, Options{Allow: allow, Lookup: resolving("10.0.0.1")}, nil)
	if err == nil || asked != "shop.example 10.0.0.1:80 true" {
		t.Errorf("%v, asked about %q", err, asked)
	}
}

// An address that does not answer delays a connection by attemptDelay; later ones begin with the one that answered.
func TestAnAddressThatAnswersIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var dialled []string
		e := one(t, "http://shop.example/", Options{Lookup: resolving("10.0.0.1", "10.0.0.2", "10.0.0.3"), Dial: func(ctx context.Context, _, address string) (net.Conn, error) {
			mu.Lock()
			dialled = append(dialled, address)
			mu.Unlock()
			if address == "10.0.0.2:80" {
				ours, theirs := net.Pipe()
				theirs.Close()
				return ours, nil
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		if !e.Several() {
			t.Fatal("one address")
		}
		began := time.Now()
		for range 6 {
			conn, _, err := e.Dial(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			conn.Close()
		}
		if took := time.Since(began); took > 2*attemptDelay {
			t.Errorf("six connections took %s", took)
		}
		mu.Lock()
		defer mu.Unlock()
		if n := len(dialled); n > 8 || !slices.Contains(dialled, "10.0.0.2:80") {
			t.Errorf("dialled %q", dialled)
		}
	})
}

func TestWhyNoAddressAnswered(t *testing.T) {
	e := one(t, "http://shop.example/", Options{Lookup: resolving("10.0.0.1", "10.0.0.2"), Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		return nil, errors.New(address + ": no")
	}})
	_, class, err := e.Dial(t.Context(), nil)
	if class != loadgen.ErrConnect || err == nil || !strings.Contains(err.Error(), "10.0.0.1:80: no") || !strings.Contains(err.Error(), "10.0.0.2:80: no") {
		t.Errorf("%s: %v", class, err)
	}
	if class := Class(context.DeadlineExceeded, loadgen.ErrTLS); class != loadgen.ErrTimeout {
		t.Errorf("a deadline that passed is of class %s", class)
	}
}
