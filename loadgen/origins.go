package loadgen

import (
	"fmt"
	"slices"
	"strings"

	"landfall/loadgen/field"
)

// maxOrigins bounds the hosts of a spec with scenarios: each user may hold a connection to each.
const maxOrigins = 16

// OriginOf is the scheme and authority of an absolute URL, in which placeholders may follow: "https://h.example:8443" of
// "https://h.example:8443/a?b". ok is false for a relative one.
func OriginOf(ref string) (origin string, ok bool) {
	i := strings.Index(ref, "://")
	if i <= 0 || strings.ContainsAny(ref[:i], "/?#{") {
		return "", false
	}
	if end := strings.IndexAny(ref[i+3:], "/?#"); end >= 0 {
		ref = ref[:i+3+end]
	}
	return strings.ToLower(ref), true
}

// Origins are the hosts that users of the spec's scenarios are sent to, beside the target's: those that hosts lists, and those
// that the URLs of steps name.
func (s Spec) Origins() []string {
	base, _ := OriginOf(s.Target)
	var list []string
	add := func(ref string) {
		if o, ok := OriginOf(ref); ok && o != base && !slices.Contains(list, o) {
			list = append(list, o)
		}
	}
	for _, h := range s.Hosts {
		add(h)
	}
	for i := range s.Scenarios {
		eachURL(s.Scenarios[i].Steps, add)
	}
	eachURL(s.Setup, add)
	eachURL(s.Teardown, add)
	return list
}

func eachURL(steps []Step, tell func(string)) {
	for i := range steps {
		s := &steps[i]
		if _, ref, _ := s.Request(); ref != "" {
			tell(ref)
		}
		eachURL(s.Steps, tell)
		eachURL(s.Else, tell)
		for _, b := range s.Choose {
			eachURL(b.Steps, tell)
		}
	}
}

func (s Spec) checkOrigins() error {
	for i, h := range s.Hosts {
		if o, ok := OriginOf(h); !ok || strings.TrimSuffix(strings.ToLower(h), "/") != o {
			return field.Wrong(fmt.Sprintf("hosts[%d]", i), h, "must be an origin, such as https://login.example")
		}
	}
	list := s.Origins()
	if len(list) >= maxOrigins {
		return field.Wrong("hosts", len(list)+1, "steps and hosts together may name %d hosts", maxOrigins)
	}
	for _, o := range list {
		if to, err := ParseTarget("hosts", o); err != nil {
			return field.Wrong("hosts", o, "must be a host such as https://login.example; placeholders stand behind it")
		} else if to.Socket != "" || socketOf(s.Target) != "" {
			return field.Wrong("hosts", o, "a spec whose target is a Unix socket has no other host")
		}
	}
	return nil
}
