package engine

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/importer"
	"landfall/loadgen/specfile"
)

// noText returns every byte value, and text that looks like a placeholder.
func noText() []byte {
	raw := []byte("{{seq}}")
	for b := range 256 {
		raw = append(raw, byte(b))
	}
	return raw
}

// A binary body arrives byte for byte, whatever conversions the spec went through.
func TestBodiesThatAreNoText(t *testing.T) {
	raw := noText()
	file := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	fromFile, err := specfile.Parse(filepath.Join(filepath.Dir(file), "spec.yaml"), []byte("method: POST\nbody_file: body\n"))
	if err != nil {
		t.Fatal(err)
	}
	fromCurl, err := importer.FromCurl("curl --data-binary @" + file + " http://127.0.0.1/")
	if err != nil {
		t.Fatal(err)
	}
	upload, err := importer.FromCurl("curl -T " + file + " http://127.0.0.1/")
	if err != nil {
		t.Fatal(err)
	}
	var set, ofMessage loadgen.Spec
	set.SetBody(raw)
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &ofMessage); err != nil {
		t.Fatal(err)
	}
	for name, spec := range map[string]loadgen.Spec{
		"spec file": fromFile, "curl": fromCurl, "curl's upload": upload, "message": ofMessage,
		"named request": {Body: "of the others", Requests: []loadgen.Request{{Name: "a", BodyBase64: set.BodyBase64}}},
		"HTTP/2":        {HTTP2: true, BodyBase64: set.BodyBase64},
	} {
		t.Run(name, func(t *testing.T) {
			var wrong atomic.Int64
			r := serve(t, func(w http.ResponseWriter, q *http.Request) {
				if got, err := io.ReadAll(q.Body); err != nil || string(got) != string(raw) || q.Method == "GET" {
					wrong.Add(1)
				}
			}, startClear)
			spec.Target, spec.Count, spec.Duration, spec.Connections = r.url, 20, 0, 2
			out := carry(t, spec, Options{}, loadgen.Share{}, nil)
			if out.Total.Responses != 20 || wrong.Load() != 0 {
				t.Errorf("%+v; %d arrived as something else", out.Total, wrong.Load())
			}
		})
	}
}
