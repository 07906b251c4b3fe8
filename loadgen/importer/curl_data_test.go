package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCurlData(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "data")
	if err := os.WriteFile(file, []byte("a b\r\n&c\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"-d x=1 -d y=2": "POST / x=1&y=2", "-d @" + file: "POST / a b&c", "--data-binary @" + file: "POST / a b\r\n&c\n", "--data-raw @x": "POST / @x",
		"--data-urlencode 'a b'": "POST / a+b", "--data-urlencode '=a=b'": "POST / a%3Db", "--data-urlencode 'n=a&b'": "POST / n=a%26b", "--data-urlencode @" + file: "POST / a+b%0D%0A%26c%0A",
		"--data-urlencode n@" + file: "POST / n=a+b%0D%0A%26c%0A", "--url-query 'q=a b'": "GET /?q=a+b ", "--url-query +q=%20": "GET /?q=%20 ", "-G -d x=1 --data-urlencode 'y=&'": "GET /?x=1&y=%26 ",
		"-T " + file: "PUT /data a b\r\n&c\n",
	} {
		i, err := fromCurl("curl http://a/ " + line)
		got := i.Spec.Method + " " + strings.TrimPrefix(i.Spec.Target, "http://a") + " " + i.Spec.Body
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", line, got, err, want)
		}
	}
	for line, want := range map[string]string{
		"-T " + file + " -T " + file: "there must be one file", "-T 'x{1,2}'": "use -g", "--cert /no/such.pem:secret": "pass phrases are not supported", "--data-urlencode @/no/such": "no such file", "-d @" + dir: "not a regular file",
	} {
		if _, err := fromCurl("curl http://a/ " + line); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
