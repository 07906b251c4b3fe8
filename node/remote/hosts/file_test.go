package hosts

import (
	"reflect"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	list, defaults, err := Read("f", []byte(`# of the west
drivers: 2
user: load
labels: {site: west}
flags: [--max-rate=500]
hosts:
  - alpha
  - root@10.0.0.7:2222
  - name: gamma
    host: fe80::1
    drivers: 4
    labels: {zone: a}
`))
	if err != nil {
		t.Fatal(err)
	}
	list, err = Complete(list, defaults)
	if err != nil {
		t.Fatal(err)
	}
	flags := []string{"--max-rate=500"}
	want := []Host{
		{Name: "alpha", Address: "alpha", User: "load", Drivers: 2, Labels: map[string]string{"site": "west"}, Flags: flags},
		{Name: "10.0.0.7", Address: "10.0.0.7", User: "root", Port: 2222, Drivers: 2, Labels: map[string]string{"site": "west"}, Flags: flags},
		{Name: "gamma", Address: "fe80::1", User: "load", Drivers: 4, Labels: map[string]string{"site": "west", "zone": "a"}, Flags: flags},
	}
	if !reflect.DeepEqual(list, want) {
		t.Errorf("%+v\nwant %+v", list, want)
	}
}

func TestWrongLinesAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"port":            {"hosts:\n  - host: a\n    port: 70000\n", `f:3:11: port 70000: must be between 1 and 65535`},
		"unknown field":   {"hosts:\n  - host: a\n    prot: 1\n", `f:3:5: unknown field "prot"`},
		"option as host":  {"hosts:\n  - a\n  - -oProxyCommand=x\n", "f:3:"},
		"no host":         {"hosts:\n  - name: x\n", `f:2:5: host "": must be a host name`},
		"text for number": {"hosts:\n  - host: a\n    drivers: many\n", "f:3:14: "},
		"empty":           {"# nothing\n", "f: is empty"},
		"no hosts":        {"drivers: 1\n", "f:1:1: hosts: must be a list"},
		"default":         {"drivers: 65\nhosts: [a]\n", `f:1:10: drivers 65: must be between 1 and 64`},
		"name for all":    {"name: x\nhosts: [a]\n", "f:1:1: name: each host has its own"},
		"reserved flag":   {"hosts:\n  - host: a\n    flags: [--brokers=x:1]\n", `f:3:12: flags "--brokers=x:1": must be a flag that landfall fleet`},
		"not YAML":        {"hosts: [a\n", "f:1:"},
		"a scalar":        {"a\n", "f:1:1: must be a mapping"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := Read("f", []byte(c.text)); err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v\nwant %s…", err, c.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("hosts:\n  - a\n  - {host: b, port: 1}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, _, err := Read("f", data)
		for _, h := range list {
			if err == nil && strings.HasPrefix(h.Address, "-") {
				t.Errorf("%+v", h)
			}
		}
	})
}
