package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/cli/exit"
	"landfall/loadgen/specfile"
)

// Each importer's output is a spec file.
func TestImportedSpecs(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	vegeta := write("targets", "GET http://shop.test/a\n")
	postman := write("c.json", `{"item":[{"name":"a","request":"{{base}}/a"}]}`)
	har := write("a.har", `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","time":1,"request":{"method":"GET","url":"http://shop.test/a","httpVersion":"HTTP/1.1","headers":[],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"content":{"size":0,"mimeType":""},"redirectURL":"","headersSize":-1,"bodySize":0},"cache":{},"timings":{"send":0,"wait":1,"receive":0}}]}}`)
	openapi := write("api.yaml", "openapi: 3.0.0\ninfo: {title: x, version: '1'}\nservers: [{url: 'http://shop.test'}]\npaths: {/a: {get: {operationId: a, responses: {'200': {description: ok}}}}}\n")
	for _, args := range [][]string{
		{"from-curl", "curl http://shop.test/a"}, {"from-vegeta", vegeta}, {"from-postman", postman, "-e", "base=http://shop.test"}, {"from-har", har}, {"from-har", "--scenario", har}, {"from-openapi", openapi},
		{"from-openapi", openapi, "--target", "http://shop.test/"},
	} {
		out, code, err := typed(t, append([]string{"spec"}, args...)...)
		if code != 0 || !strings.Contains(out, "shop.test") || !strings.Contains(out, "/a") {
			t.Errorf("%q: exit %d, %v: %s", args, code, err, out)
		}
		if _, err := specfile.Parse("", []byte(out)); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
	broken := write("broken.json", "{")
	for _, args := range [][]string{
		{"from-curl", "wget http://shop.test/"}, {"from-vegeta", dir + "/none"}, {"from-har", broken}, {"from-postman", postman}, {"from-postman", postman, "-e", "base"}, {"from-openapi", broken},
	} {
		if out, code, err := typed(t, append([]string{"spec"}, args...)...); code != exit.Usage || out != "" {
			t.Errorf("%q: exit %d, %v: %s", args, code, err, out)
		}
	}
	if _, _, err := typed(t, "spec", "from-har", broken); err == nil || !strings.Contains(err.Error(), broken) {
		t.Errorf("the file is not named: %v", err)
	}
}

func TestSpecSchema(t *testing.T) {
	out, code, err := typed(t, "spec", "schema")
	if !json.Valid([]byte(out)) || code != 0 || !strings.Contains(out, `"target"`) || !strings.Contains(out, `"$schema"`) {
		t.Errorf("exit %d, %v: %.300s", code, err, out)
	}
}
