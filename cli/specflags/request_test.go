package specflags

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRequestBodies(t *testing.T) {
	file := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(file, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		flags Flags
		want  string
	}{
		"text":           {Flags{Body: ptr("x")}, "x"},
		"an at sign":     {Flags{Body: ptr("@")}, "@"},
		"a file":         {Flags{Body: ptr("@" + file)}, "from a file\n"},
		"a file by -D":   {Flags{BodyFile: ptr(file)}, "from a file\n"},
		"standard input": {Flags{BodyFile: ptr("-")}, "from stdin"},
		"stdin by -d":    {Flags{Body: ptr("@-")}, "from stdin"},
	} {
		s, err := c.flags.Spec([]string{url}, strings.NewReader("from stdin"))
		if err != nil || s.Body != c.want || s.Method != "POST" {
			t.Errorf("%s: %q %s, %v", name, s.Body, s.Method, err)
		}
	}
	if _, err := (Flags{BodyFile: ptr("-")}).Spec([]string{"-"}, strings.NewReader("target: "+url)); err == nil || !strings.Contains(err.Error(), "cannot hold both") {
		t.Errorf("spec and body from standard input: %v", err)
	}
	var notes []string
	if _, err := (Flags{Body: ptr("5s"), Note: func(n string) { notes = append(notes, n) }}).Spec([]string{url}, nil); err != nil || len(notes) != 1 {
		t.Errorf("a body that looks like a duration: %q, %v", notes, err)
	}
}

func TestRequestFlags(t *testing.T) {
	s, err := Flags{User: ptr("ann:secret"), Method: ptr("post"), Expect: []string{"2xx", "404,500-502"}}.Spec([]string{url}, nil)
	if err != nil || s.Headers["Authorization"] != "Basic YW5uOnNlY3JldA==" || s.Method != "POST" || len(s.Expect.Statuses) != 104 {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = (Flags{Method: ptr("Report")}).Spec([]string{url}, nil); err != nil || s.Method != "Report" {
		t.Errorf("%s, %v", s.Method, err)
	}
}
