package specfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseSpecFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("body.json", `{"a":1}`)
	write("users.csv", "user\nana\n")
	write("ca.pem", "CA")
	write("big", strings.Repeat("x", MaxPEM+1))
	write("binary", "\xff\xfe")
	name := filepath.Join(dir, "spec.yaml")
	spec, err := Parse(name, []byte("body_file: body.json\ncsv_file: ./users.csv\ntls: {ca_file: "+filepath.Join(dir, "ca.pem")+"}\nrequests: [{name: a, body_file: body.json}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if spec.Body != `{"a":1}` || spec.CSV != "user\nana\n" || spec.TLS.CA != "CA" || spec.Requests[0].Body != `{"a":1}` {
		t.Errorf("%+v", spec)
	}
	for text, want := range map[string]string{
		"body_file: none\n":      "spec.yaml:1:12: ",
		"body_file: .\n":         "not a regular file",
		"body_file: none.txt\n":  `file "none.txt": no such file or directory`,
		"csv_file: binary\n":     "not valid UTF-8",
		"tls: {key_file: big}\n": "must be at most 262144 bytes",
		"body_file: [a]\n":       "must be a string",
		"tls: {cert_file: none}": "none",
	} {
		if _, err := Parse(name, []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
