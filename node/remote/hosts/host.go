// Package hosts describes the machines of a fleet over SSH and their states: the hosts file, the command
// lines of the drivers, the messages between both ends of a session, and the states of hosts as a table. It
// does no I/O; package remote has the sessions, package agent the remote end.
package hosts

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"landfall/loadgen/field"
	"landfall/node"
)

// Host is a machine that runs drivers.
type Host struct {
	Name    string            `yaml:"name" json:"name"`       // in tables and driver names; default: Address
	Address string            `yaml:"host" json:"host"`       // as passed to ssh: a name, an address, or an alias of ssh's configuration
	User    string            `yaml:"user" json:"user"`       // default: ssh's
	Port    int               `yaml:"port" json:"port"`       // default: ssh's
	Drivers int               `yaml:"drivers" json:"drivers"` // how many; default 1
	Labels  map[string]string `yaml:"labels" json:"labels"`   // of its drivers
	Flags   []string          `yaml:"flags" json:"flags"`     // additional flags of `landfall driver`, such as --max-rate=500
}

// Limits of a fleet.
const (
	MaxHosts   = 1000
	MaxDrivers = 64 // for each host
	maxName    = 56 // leaves room for a driver's number
)

// Lengths are not part of the patterns: 252 counted repeats would take 250 KB in each process.
const (
	maxAddress = 253
	maxAccount = 64
	maxLabel   = 64
)

var (
	address = regexp.MustCompile(`^[A-Za-z0-9_.:%\[][A-Za-z0-9_.:%\]-]*$`)
	account = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.@\\$-]*$`)
	label   = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
)

// Parse parses a host as typed: host, user@host, host:port, user@[::1]:2222, optionally prefixed with ssh://.
func Parse(text string) (Host, error) {
	var h Host
	rest := strings.TrimPrefix(text, "ssh://")
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		if h.User, rest = rest[:at], rest[at+1:]; h.User == "" {
			return h, wrong("host", text, "[user@]host[:port]")
		}
	}
	port, ported := "", false
	switch closing := strings.IndexByte(rest, ']'); {
	case strings.HasPrefix(rest, "[") && closing > 0:
		h.Address = rest[1:closing]
		port, ported = strings.CutPrefix(rest[closing+1:], ":")
		if !ported && rest[closing+1:] != "" {
			return h, wrong("host", text, "[user@]host[:port]")
		}
	case strings.Count(rest, ":") == 1:
		h.Address, port, ported = strings.Cut(rest, ":")
	default: // a name, or an IPv6 address
		h.Address = rest
	}
	if ported {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 {
			return h, wrong("port", port, "a number between 1 and 65535")
		}
		h.Port = n
	}
	return h, h.Validate()
}

// Validate returns a *field.Error for the first invalid field. Empty fields are valid.
func (h Host) Validate() error {
	switch {
	case len(h.Address) > maxAddress || !address.MatchString(h.Address):
		return wrong("host", h.Address, "a host name or address that does not start with a dash")
	case h.User != "" && (len(h.User) > maxAccount || !account.MatchString(h.User)):
		return wrong("user", h.User, "an account name that does not start with a dash")
	case h.Port < 0 || h.Port > 65535:
		return wrong("port", h.Port, "between 1 and 65535")
	case h.Drivers < 0 || h.Drivers > MaxDrivers:
		return wrong("drivers", h.Drivers, fmt.Sprintf("between 1 and %d", MaxDrivers))
	case h.Name != "" && (len(h.Name) > maxName || node.CheckID("name", h.Name) != nil):
		return wrong("name", h.Name, fmt.Sprintf("1 to %d letters, digits, dots, dashes or underscores", maxName))
	}
	for _, k := range sortedKeys(h.Labels) {
		if len(k) > maxLabel || !label.MatchString(k) || strings.ContainsAny(h.Labels[k], ",\n\x00") || h.Labels[k] == "" {
			return wrong("labels", k+"="+h.Labels[k], "key=value without commas")
		}
	}
	return checkFlags(h.Flags)
}

// ours lists the flags of a driver that its fleet sets.
var ours = []string{"--name", "--data", "--detach", "--detached", "--stop", "--until-eof", "--brokers", "--prefix", "--config", "--help"}

func checkFlags(flags []string) error {
	for _, f := range flags {
		name, _, _ := strings.Cut(f, "=")
		switch {
		case !strings.HasPrefix(f, "--") || strings.ContainsAny(f, "\n\x00"):
			return wrong("flags", f, "a long flag of landfall driver, such as --max-rate=500")
		case slices.Contains(ours, name) || strings.HasPrefix(name, "--kafka-"):
			return wrong("flags", f, "a flag that landfall fleet does not set itself")
		}
	}
	return nil
}

// Complete applies the defaults, makes the names unique and validates all hosts.
func Complete(list []Host, defaults Host) ([]Host, error) {
	if len(list) == 0 {
		return nil, errors.New("no hosts given: landfall fleet up user@host")
	}
	if len(list) > MaxHosts {
		return nil, wrong("hosts", len(list), fmt.Sprintf("%d at most", MaxHosts))
	}
	list = slices.Clone(list)
	times := map[string]int{}
	for _, h := range list {
		times[cmp.Or(h.Name, plain(h.Address))]++
	}
	taken := map[string]bool{}
	for i := range list {
		h := &list[i]
		if h.Name == "" {
			h.Name = plain(h.Address)
			if times[h.Name] > 1 && h.Port != 0 {
				h.Name = fmt.Sprint(h.Name, "-", h.Port)
			}
		}
		h.Drivers = cmp.Or(h.Drivers, defaults.Drivers, 1)
		h.Labels = merged(defaults.Labels, h.Labels)
		h.Flags = slices.Concat(defaults.Flags, h.Flags)
		if err := h.Validate(); err != nil {
			return nil, err
		}
		if taken[h.Name] {
			return nil, wrong("name", h.Name, "different for each host; a hosts file can set names")
		}
		taken[h.Name] = true
	}
	return list, nil
}

func merged(a, b map[string]string) map[string]string {
	m := map[string]string{}
	maps.Copy(m, a)
	maps.Copy(m, b)
	return m
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// plain derives a name from an address.
func plain(addr string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, strings.Trim(addr, "[]"))
	name = cmp.Or(strings.TrimLeft(name, ".-_"), "host")
	return name[:min(len(name), maxName)]
}

// String returns the host as typed.
func (h Host) String() string {
	text := h.Address
	if h.Port != 0 && strings.Contains(text, ":") {
		text = "[" + text + "]"
	}
	if h.User != "" {
		text = h.User + "@" + text
	}
	if h.Port != 0 {
		text += ":" + strconv.Itoa(h.Port)
	}
	return text
}

// DriverNames returns the names of the host's drivers in the fleet.
func (h Host) DriverNames() []string {
	if h.Drivers <= 1 {
		return []string{h.Name}
	}
	var names []string
	for i := range h.Drivers {
		names = append(names, fmt.Sprint(h.Name, "-", i+1))
	}
	return names
}

func wrong(at string, value any, want string) error {
	shown := fmt.Sprint(value)
	if text, ok := value.(string); ok {
		shown = strconv.Quote(node.Clean(text, 80))
	}
	return &field.Error{Field: at, Value: shown, Want: "must be " + want}
}
