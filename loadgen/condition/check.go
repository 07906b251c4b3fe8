package condition

import (
	"strconv"
	"strings"
	"unicode"
)

// maxLabel is the maximum length of a label's name or value, in bytes.
const maxLabel = 120

// check rejects unknown labels, and labels that do not apply to the metric.
func (c Condition) check() error {
	series := 0
	for i, l := range c.Labels {
		if err := l.check(c); err != nil {
			return err
		}
		for _, before := range c.Labels[:i] {
			if before.Name == l.Name {
				return wrong("label " + l.Name + " must be given once")
			}
		}
		if l.Name != Stage {
			series++
		}
	}
	if c.Of != None && c.Of != Latency && (c.Window > 0 || c.Stage() > 0) {
		return wrong(string(c.Of) + " times are kept for the whole run only: no window and no stage")
	}
	if series > 1 {
		return wrong("give one label, or one and stage: figures are kept by request, status, check and driver, not by their combinations")
	}
	return nil
}

func (l Label) check(c Condition) error {
	if l.Value == "" || len(l.Value) > maxLabel || strings.ContainsFunc(l.Value, unicode.IsControl) {
		return wrong("label " + l.Name + ": must have a value of at most " + strconv.Itoa(maxLabel) + " printable bytes")
	}
	name, isOwn := strings.CutPrefix(l.Name, "label.")
	switch {
	case (isOwn || l.Name == "driver") && c.Of != None && c.Of != Latency:
		return wrong(string(c.Of) + " times are not kept by driver")
	case isOwn && name != "" && len(name) <= maxLabel && strings.IndexFunc(name, odd) < 0, l.Name == "driver", l.Name == "scenario", l.Name == "request", l.Name == "step":
		return nil
	case l.Name == "status":
		return l.status(c)
	case l.Name == "check" && c.Metric == "checks":
		return nil
	case l.Name == "check":
		return wrong("label check belongs to checks, as in checks{check=logged in}>99%")
	case l.Name == Stage:
		if n, err := strconv.Atoi(l.Value); err != nil || n < 1 || n > 1000 || strconv.Itoa(n) != l.Value {
			return wrong("label stage: must be the number of a stage, from 1")
		}
		return nil
	}
	return wrong("there is no label " + strconv.Quote(l.Name) + "; there are " + strings.Join(LabelNames, ", "))
}

// odd reports whether a rune cannot be in the name of a driver's label.
func odd(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./", r))
}

// status accepts a class such as 5xx or a code such as 404. Only classes have times.
func (l Label) status(c Condition) error {
	v := l.Value
	digits := len(v) == 3 && v[0] >= '0' && v[0] <= '9'
	class := digits && v[1:] == "xx"
	code := digits && v[1] >= '0' && v[1] <= '9' && v[2] >= '0' && v[2] <= '9'
	switch {
	case !class && !code:
		return wrong("label status: must be a class such as 5xx or a code such as 404")
	case c.Of == Latency || c.Of == Service:
		if !class {
			return wrong("label status: times are kept by class, as in p99{status=5xx}<1s")
		}
		return nil
	case c.Metric == "responses":
		return nil
	}
	return wrong("label status: belongs to times and to responses, as in responses{status=5xx}==0")
}
