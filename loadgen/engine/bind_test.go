package engine

import (
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"

	"landfall/loadgen"
)

func TestSourceAddressesAreUsedInTurn(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("not all of 127.0.0.0/8 is there")
	}
	polls(t, func(t *testing.T, o Options) {
		var mu sync.Mutex
		from := map[string]int{}
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			host, _, _ := strings.Cut(q.RemoteAddr, ":")
			from[host]++
		}, nil)
		o.Bind = []netip.Addr{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.3")}
		carry(t, loadgen.Spec{Target: r.url, Count: 100, Connections: 2, NoKeepalive: true}, o, loadgen.Share{}, nil)
		mu.Lock()
		defer mu.Unlock()
		if from["127.0.0.2"]+from["127.0.0.3"] != 100 || from["127.0.0.2"] < 45 || from["127.0.0.3"] < 45 {
			t.Errorf("requests came from %v", from)
		}
	})
}

func TestWrongSourceAddresses(t *testing.T) {
	for want, bind := range map[string]string{"must be an address of this machine": "192.0.2.1", "none is of the same family": "::"} {
		_, err := New(loadgen.Spec{Target: "http://127.0.0.1/", Count: 1}.WithDefaults(), Options{Bind: []netip.Addr{netip.MustParseAddr(bind)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", bind, err, want)
		}
	}
}
