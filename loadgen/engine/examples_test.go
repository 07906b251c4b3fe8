package engine

import (
	"net/http/httptest"
	"os"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
	"landfall/loadgen/target/shop"
)

// The example of the sample shop runs unchanged, and both sides count the same.
func TestTheShopsExample(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		const file = "../../docs/examples/shop.yaml"
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		spec, err := specfile.Parse(file, text)
		if err != nil {
			t.Fatal(err)
		}
		s := shop.New(shop.Config{})
		server := httptest.NewServer(s)
		t.Cleanup(server.Close)
		spec.Target = server.URL
		m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
		for kind, n := range s.Violations() {
			if n > 0 {
				t.Errorf("the shop refused %d requests for %s", n, kind)
			}
		}
		c, total := s.Counts(), m.Total
		if total.Iterations != 200 || total.IterationsFailed != 0 || total.Unexpected != 0 || total.Aside != 2 {
			t.Errorf("%+v, %v", total, m.Failures)
		}
		if c.Logins != 201 || c.Orders+c.Uploads != 200 || c.Orders != c.Logouts || c.Orders != c.CartItems || c.Orders < 110 || c.Uploads < 25 {
			t.Errorf("the shop counted %+v", c)
		}
		if want := 7*c.Orders + 2*c.Uploads; total.Requests != want { // an order is redirected
			t.Errorf("%d requests, want %d", total.Requests, want)
		}
	})
}
