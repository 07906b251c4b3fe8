package trial

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen"
)

// Outline prints the steps of the users of a spec, and all other requests that would be sent.
func Outline(w io.Writer, spec loadgen.Spec) {
	fmt.Fprintf(w, "%s on %s\n", spec.Kind, shown(loadgen.RedactURL(spec.Target)))
	for _, part := range []struct {
		name  string
		steps []loadgen.Step
	}{{"setup, once a driver, before the load", spec.Setup}, {"teardown, once a driver, after the load", spec.Teardown}} {
		if len(part.steps) > 0 {
			fmt.Fprintf(w, "\n%s\n", part.name)
			outline(w, "  ", part.steps)
		}
	}
	for i := range spec.Scenarios {
		s := &spec.Scenarios[i]
		fmt.Fprintf(w, "\nscenario %s, %s\n", shown(s.Name), s.LoadText())
		outline(w, "  ", s.Steps)
	}
	for _, r := range spec.Whole() {
		if len(spec.Scenarios) == 0 {
			fmt.Fprintf(w, "  %s %s\n", r.Method, shown(loadgen.RedactURL(cmp.Or(r.URL, spec.Target))))
		}
	}
}

func outline(w io.Writer, indent string, steps []loadgen.Step) {
	for i := range steps {
		s := &steps[i]
		switch {
		case s.Think != "":
			fmt.Fprintf(w, "%sthink %s\n", indent, shown(s.Think))
		case s.Group != "":
			fmt.Fprintf(w, "%sgroup %s\n", indent, shown(s.Group))
		case s.Repeat > 0:
			fmt.Fprintf(w, "%srepeat %d times\n", indent, s.Repeat)
		case s.While != "":
			fmt.Fprintf(w, "%swhile %s\n", indent, shown(s.While))
		case s.If != "":
			fmt.Fprintf(w, "%sif %s\n", indent, shown(s.If))
		case len(s.Parallel) > 0:
			fmt.Fprintf(w, "%sparallel, %d at once\n", indent, s.AtOnce())
			outline(w, indent+"  ", s.Parallel)
		case len(s.Choose) == 0:
			request(w, indent, s)
		}
		outline(w, indent+"  ", s.Steps)
		if len(s.Else) > 0 {
			fmt.Fprintf(w, "%selse\n", indent)
			outline(w, indent+"  ", s.Else)
		}
		for _, b := range s.Choose {
			fmt.Fprintf(w, "%schoose, weight %d\n", indent, max(b.Weight, 1))
			outline(w, indent+"  ", b.Steps)
		}
	}
}

func request(w io.Writer, indent string, s *loadgen.Step) {
	method, url, _ := s.Request()
	line := method + " " + loadgen.RedactURL(url)
	if s.Name != "" {
		line = s.Name + ": " + line
	}
	fmt.Fprintf(w, "%s%s\n", indent, shown(line))
	for _, more := range []struct{ what, text string }{
		{"sends", strings.Join(sends(s), ", ")}, {"sets", strings.Join(slices.Sorted(maps.Keys(s.Extract)), ", ")},
	} {
		if more.text != "" {
			fmt.Fprintf(w, "%s  %s %s\n", indent, more.what, shown(more.text))
		}
	}
	if n := len(s.Checks); n > 0 {
		fmt.Fprintf(w, "%s  checks: %d\n", indent, n)
	}
}

// sends describes the headers and body of a request.
func sends(s *loadgen.Step) (list []string) {
	if names := slices.Sorted(maps.Keys(s.Query)); len(names) > 0 {
		list = append(list, "query "+strings.Join(names, " "))
	}
	if names := slices.Sorted(maps.Keys(s.Headers)); len(names) > 0 {
		list = append(list, "headers "+strings.Join(names, " "))
	}
	if names := slices.Sorted(maps.Keys(s.Form)); len(names) > 0 {
		list = append(list, "a form with "+strings.Join(names, " "))
	}
	if names := slices.Sorted(maps.Keys(s.Multipart)); len(names) > 0 {
		list = append(list, "a multipart form with "+strings.Join(names, " "))
	}
	if s.Auth != nil {
		list = append(list, "credentials")
	}
	if len(s.JSON) > 0 {
		list = append(list, "a JSON body")
	}
	if n := max(len(s.Body), len(s.BodyBase64)*3/4); n > 0 {
		list = append(list, fmt.Sprintf("a body of %d bytes", n))
	}
	return list
}
