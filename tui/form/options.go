package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"landfall/loadgen"
)

// option is a word in the form's field for rarely used settings.
type option struct {
	name string
	only loadgen.Kind // "": both
	get  func(*loadgen.Spec) bool
	set  func(*loadgen.Spec, bool)
}

var options = []option{
	{"burst", loadgen.Avalanche, func(s *loadgen.Spec) bool { return s.Burst }, func(s *loadgen.Spec, on bool) { s.Burst = on }},
	{"poisson", loadgen.Tsunami, func(s *loadgen.Spec) bool { return s.Arrivals == "poisson" }, func(s *loadgen.Spec, on bool) {
		s.Arrivals = ""
		if on {
			s.Arrivals = "poisson"
		}
	}},
	{"no-keepalive", "", func(s *loadgen.Spec) bool { return s.NoKeepalive }, func(s *loadgen.Spec, on bool) { s.NoKeepalive = on }},
	{"insecure", "", func(s *loadgen.Spec) bool { return s.TLS.Insecure }, func(s *loadgen.Spec, on bool) { s.TLS.Insecure = on }},
	{"http2", "", func(s *loadgen.Spec) bool { return s.HTTP2 }, func(s *loadgen.Spec, on bool) { s.HTTP2 = on }},
}

// streamsOption is the only option with a number: HTTP/2 streams per connection.
const streamsOption = "streams="

func optionNames(kind loadgen.Kind) (names []string) {
	for _, o := range options {
		if o.only == "" || o.only == kind {
			names = append(names, o.name)
		}
	}
	return append(names, streamsOption+"N")
}

func optionsText(s loadgen.Spec) string {
	var words []string
	for _, o := range options {
		if (o.only == "" || o.only == s.Kind) && o.get(&s) {
			words = append(words, o.name)
		}
	}
	if s.Streams > 1 {
		words = append(words, streamsOption+strconv.Itoa(s.Streams))
	}
	return strings.Join(words, " ")
}

func setOptions(d *Draft, text string) error {
	s := &d.Spec
	for _, o := range options {
		o.set(s, false)
	}
	s.Streams = 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		if n, is := strings.CutPrefix(word, streamsOption); is {
			streams, err := strconv.Atoi(n)
			if err != nil || streams < 1 {
				return fmt.Errorf("options %q: streams must be a whole number from 1 up", word)
			}
			s.Streams = streams
			continue
		}
		i := slices.IndexFunc(options, func(o option) bool { return o.name == word && (o.only == "" || o.only == s.Kind) })
		if i < 0 {
			return fmt.Errorf("options %q: must be one of %s", word, strings.Join(optionNames(s.Kind), ", "))
		}
		options[i].set(s, true)
	}
	return nil
}

func statusesText(list []int) string {
	var words []string
	for _, status := range list {
		words = append(words, strconv.Itoa(status))
	}
	return strings.Join(words, ",")
}

func setStatuses(d *Draft, text string) error {
	d.Spec.Expect.Statuses = nil
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		status, err := strconv.Atoi(word)
		if err != nil || status < 100 || status > 999 {
			return fmt.Errorf("expect %q: must be a status from 100 to 999", word)
		}
		d.Spec.Expect.Statuses = append(d.Spec.Expect.Statuses, status)
	}
	return nil
}
