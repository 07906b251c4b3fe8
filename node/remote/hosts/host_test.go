package hosts

import (
	"os/exec"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Host{
		"a":                        {Address: "a"},
		"u@a":                      {Address: "a", User: "u"},
		"u@a:22":                   {Address: "a", User: "u", Port: 22},
		"ssh://u@a:2222":           {Address: "a", User: "u", Port: 2222},
		"[::1]:22":                 {Address: "::1", Port: 22},
		"u@fe80::1%eth0":           {Address: "fe80::1%eth0", User: "u"},
		`corp\u@realm@a.example`:   {Address: "a.example", User: `corp\u@realm`},
		"west_1.of-the.example:22": {Address: "west_1.of-the.example", Port: 22},
	} {
		got, err := Parse(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", text, got, err, want)
		}
		if again, err := Parse(got.String()); err != nil || !reflect.DeepEqual(again, want) {
			t.Errorf("%s, written as %s: %+v, %v", text, got, again, err)
		}
	}
	for _, text := range []string{"", "-a", "-oProxyCommand=x", "u@-a", "-u@a", "@a", "a:0", "a:x", "a:70000", "[::1]22", "a b", "a;b", "a\nb", "$(a)", "u'@a", "a/b", strings.Repeat("a", maxAddress+1), strings.Repeat("u", maxAccount+1) + "@a"} {
		if h, err := Parse(text); err == nil {
			t.Errorf("%q: parsed as %+v", text, h)
		}
	}
}

func TestNames(t *testing.T) {
	list, err := Complete([]Host{{Address: "127.0.0.1", Port: 1}, {Address: "127.0.0.1", Port: 2, Drivers: 2}, {Address: "::1"}}, Host{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, h := range list {
		names = append(names, h.DriverNames()...)
	}
	if got := strings.Join(names, " "); got != "127.0.0.1-1 127.0.0.1-2-1 127.0.0.1-2-2 1" {
		t.Error(got)
	}
	if _, err := Complete([]Host{{Address: "a"}, {Address: "b", Name: "a"}}, Host{}); err == nil || !strings.Contains(err.Error(), `name "a": must be different`) {
		t.Errorf("same name twice: %v", err)
	}
	if _, err := Complete(nil, Host{}); err == nil {
		t.Error("no hosts")
	}
}

// A real shell splits the quoted line into the same words.
func TestQuote(t *testing.T) {
	words := []string{"", "a b", "it's", "$HOME `id` $(id)", "new\nline", `\`, "*", "''", "-n", "!x", "\x01"}
	line := Script("for w; do printf '%s\\0' \"$w\"; done") + " x " + Quote(words...)
	out, err := exec.Command("sh", "-c", line).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"); !reflect.DeepEqual(got, words) {
		t.Errorf("%q, want %q", got, words)
	}
}
