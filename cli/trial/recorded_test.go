package trial

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"landfall/loadgen/importer"
	"landfall/loadgen/target/shop"
)

// The archives are recordings of one visit to the shop by Firefox 153 (Save All As HAR), Chromium 156 (developer tools, Export HAR) and
// mitmproxy 11 (hardump): logins by form and by JSON, form tokens, a cart, an order after a redirect, uploads, a logout.
func recorded(t *testing.T, name string) (*Trial, []string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(shop.New(shop.Config{}))
	t.Cleanup(server.Close)
	archive := strings.ReplaceAll(string(data), "127.0.0.1:18080", server.Listener.Addr().String())
	var notes []string
	spec, err := importer.ScenarioFromHAR([]byte(archive), nil, "", false, func(note string) { notes = append(notes, note) })
	if err == nil {
		spec, err = Only(spec.WithDefaults(), "")
	}
	if err != nil {
		t.Fatal(err)
	}
	one, err := Run(t.Context(), spec, "1")
	if err != nil {
		t.Fatal(err)
	}
	return one, notes
}

// A recorded visit succeeds again, with new tokens, cookies and order numbers.
func TestRecordedVisitsArePassed(t *testing.T) {
	for _, name := range []string{"firefox.har", "mitmproxy.har"} {
		one, notes := recorded(t, name)
		if !one.Passed() || len(one.Exchanges) < 19 {
			t.Errorf("%s: %d requests, %s, notes %q", name, len(one.Exchanges), one.Failure, notes)
		}
		for _, x := range one.Exchanges {
			if !x.Expected {
				t.Errorf("%s: %s: status %d %s", name, x.Step, x.Status, x.Body)
			}
		}
	}
}

// Chromium discards the bodies of pages that were left: notes name what cannot work without them.
func TestARecordingWithoutBodiesIsExplained(t *testing.T) {
	one, notes := recorded(t, "devtools.har")
	for _, want := range []string{"the archive lacks the bodies of 8 responses", "sent as recorded, because no recorded response has its value: header Authorization (4 requests), parameter csrf (2 requests)"} {
		if !slices.ContainsFunc(notes, func(note string) bool { return strings.Contains(note, want) }) {
			t.Errorf("%q is missing in %q", want, notes)
		}
	}
	if one.Passed() {
		t.Error("a recording without tokens passed")
	}
}
