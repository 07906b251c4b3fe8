package importer

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/script"
)

// FromOpenAPI makes a scenario of an OpenAPI document (3.0, 3.1) or a Swagger 2.0 document: one step an operation, in the order
// of the paths; tags choose operations. Parameters and bodies are filled in from examples, defaults and schemas, security becomes
// {{secret.NAME}}, the documented 2xx and 3xx responses the expected status. target replaces the document's server, with its path if
// target has one; it is needed if the document has none. Each note, one line, says what of the document the spec does not hold.
func FromOpenAPI(data []byte, target string, tags []string, notes ...func(note string)) (loadgen.Spec, error) {
	i, err := fromOpenAPI(data, target, tags)
	return i.told(notes), err
}

// apiImport makes the steps of a document.
type apiImport struct {
	*apiDocument
	*imported
	target  string // given by the user; ""
	names   map[string]int
	skipped int // optional parameters
	media   int // operations of which another media type is left out
}

func fromOpenAPI(data []byte, target string, tags []string) (imported, error) {
	d, err := readOpenAPI(data)
	if err != nil {
		return imported{}, err
	}
	i := imported{Spec: loadgen.Spec{Users: 1, Duration: scenarioDuration}}
	a := apiImport{apiDocument: d, imported: &i, target: strings.TrimSuffix(target, "/"), names: map[string]int{}}
	var steps []loadgen.Step
	left := 0
	for _, o := range d.operations(&i, tags) {
		if len(steps) == loadgen.MaxRequests {
			left++
			continue
		}
		s, err := a.step(o)
		if err == nil {
			err = a.check(s)
		}
		if err != nil {
			i.note("left out: %s %s: %v", strings.ToUpper(o.method), o.path, err)
			continue
		}
		steps = append(steps, s)
	}
	if len(steps) == 0 {
		for ref := range d.missing {
			return imported{}, fmt.Errorf("openapi: no step can be made of it: %.200s leads to nothing in this document (references to other files are not followed: bundle them first)", ref)
		}
		return imported{}, fmt.Errorf("openapi: no step can be made of it%s", firstOf(i.Notes))
	}
	if left > 0 {
		i.note("left out: %d operations beyond the first %d (choose some with --tag)", left, loadgen.MaxRequests)
	}
	a.noteRest(steps)
	i.Spec.Scenarios = []loadgen.Scenario{{Name: "operations", Steps: steps}}
	if err := script.Check(withSecrets(i.Spec)); err != nil {
		return imported{}, fmt.Errorf("openapi: %w", err)
	}
	return i, nil
}

// check returns an error if a spec cannot have a step.
func (a *apiImport) check(s loadgen.Step) error {
	one := loadgen.Spec{Target: a.Spec.Target, Users: 1, Duration: scenarioDuration, Scenarios: []loadgen.Scenario{{Name: "one", Steps: []loadgen.Step{s}}}}
	return script.Check(withSecrets(one))
}

// withSecrets is a spec whose secrets have a value, as they will have when it is used.
func withSecrets(s loadgen.Spec) loadgen.Spec {
	return s.Compose(func(string) (string, bool) { return "x", true }).WithDefaults()
}

// step makes a step of an operation.
func (a *apiImport) step(o operation) (s loadgen.Step, err error) {
	base, err := a.base(o)
	if err != nil {
		return s, err
	}
	s.Name = a.name(o)
	path, query, err := a.fill(o, &s)
	if err != nil {
		return s, err
	}
	if query != "" {
		query = "?" + query
	}
	setURL(&s, strings.ToUpper(o.method), base+path+query)
	if err := a.body(o, &s); err != nil {
		return s, err
	}
	if status := expectedStatus(a.object(o.fields["responses"])); status != "" {
		s.Checks = []loadgen.Check{{Status: status}}
	}
	return s, a.secure(o, &s)
}

// base is what stands before the path of an operation, without the target. The first operation's server becomes the target.
func (a *apiImport) base(o operation) (string, error) {
	server := a.server(o)
	if a.target != "" {
		u, err := url.Parse(server)
		if err != nil {
			return "", fmt.Errorf("its server %.80q is no URL", server)
		}
		if own, err := url.Parse(a.target); err == nil && own.Path != "" {
			u = &url.URL{}
		}
		server = a.target + "/" + strings.TrimPrefix(u.EscapedPath(), "/")
	}
	u := webURL(server)
	if u == nil || u.Hostname() == "" || strings.ContainsAny(u.Host, "{}") {
		return "", fmt.Errorf("its server %.80q is no URL over http or https: give one with --target", server)
	}
	origin, path := (&url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}).String(), strings.TrimSuffix(u.EscapedPath(), "/")
	if a.Spec.Target == "" {
		a.Spec.Target = origin + "/"
	}
	if origin+"/" != a.Spec.Target {
		path = origin + path
	}
	return path, nil
}

// name is one that no other step has: the operation's id, or its method and path.
func (a *apiImport) name(o operation) string {
	name := text(o.fields["operationId"])
	if name == "" {
		name = strings.ToUpper(o.method) + " " + o.path
	}
	return postmanName(name, a.names)
}

// expectedStatus is the status that a documented response may have, if the operation succeeds; "": none is documented.
func expectedStatus(responses object) string {
	var all []string
	for _, code := range slices.Sorted(maps.Keys(responses)) {
		if code = strings.ToLower(code); len(code) == 3 && (code[0] == '2' || code[0] == '3') {
			all = append(all, code)
		}
	}
	return strings.Join(all, ",")
}

// noteRest notes what of the document the spec does not hold.
func (a *apiImport) noteRest(steps []loadgen.Step) {
	if a.skipped > 0 {
		a.note("%d optional parameters without an example are not sent", a.skipped)
	}
	if a.media > 0 {
		a.note("%d operations take several media types: one of them is sent", a.media)
	}
	var callbacks, links, schemas int
	for _, o := range a.operations(&imported{}, nil) {
		callbacks += len(a.object(o.fields["callbacks"]))
		for _, r := range a.object(o.fields["responses"]) {
			r := a.object(r)
			links += len(a.object(r["links"]))
			if r["content"] != nil || r["schema"] != nil {
				schemas++
			}
		}
	}
	for _, left := range []struct {
		n    int
		what string
	}{
		{len(a.object(a.root["webhooks"])), "webhooks"}, {callbacks, "callbacks"}, {links, "links from a response to another operation"},
		{schemas, "response schemas: only the status is checked"},
	} {
		if left.n > 0 {
			a.note("left out: %d %s", left.n, left.what)
		}
	}
	for _, ref := range slices.Sorted(maps.Keys(a.missing)) {
		a.note("%.200s points to nothing in this document: it is left out", ref)
	}
	if _, secrets := (loadgen.Spec{Scenarios: []loadgen.Scenario{{Steps: steps}}}).Outside(); len(secrets) > 0 {
		a.note("the run needs %s: give each with -e NAME=VALUE or set it in the environment", strings.Join(secrets, ", "))
	}
}
