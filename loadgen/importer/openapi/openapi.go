// Package openapi converts OpenAPI and Swagger documents to scenarios, see [Import].
package openapi

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/importer/draft"
)

// Import converts an OpenAPI 3.0 or 3.1 or Swagger 2.0 document to a scenario with one step for each operation, ordered by path. If
// there are tags, only operations with one of them are imported. Parameters and bodies get values from examples, defaults and schemas;
// credentials become {{secret.NAME}}; the documented 2xx and 3xx responses become the expected status.
//
// target replaces the origin of the document's server, and its path too if target has one. It is required if the document has no server.
// Parts of the document that the spec lacks or expresses in another way are passed to the listeners, one line each.
func Import(data []byte, target string, tags []string, listeners ...func(note string)) (loadgen.Spec, error) {
	i, err := convert(data, target, tags)
	i.Notes.Report(listeners)
	return i.Spec, err
}

// duration is the initial duration of the scenario.
const duration = loadgen.Duration(time.Minute)

// imported is the result of an import.
type imported struct {
	Spec  loadgen.Spec
	Notes draft.Notes
}

// apiImport is the import of a document.
type apiImport struct {
	*apiDocument
	*imported
	target  string // set by the user, or ""
	names   map[string]int
	skipped int // optional parameters that are not sent
	media   int // operations with several media types
}

func convert(data []byte, target string, tags []string) (imported, error) {
	d, err := readOpenAPI(data)
	if err != nil {
		return imported{}, err
	}
	i := imported{Spec: loadgen.Spec{Users: 1, Duration: duration}}
	a := apiImport{apiDocument: d, imported: &i, target: strings.TrimSuffix(target, "/"), names: map[string]int{}}
	var steps []loadgen.Step
	dropped := 0
	for _, o := range d.operations(&i.Notes, tags) {
		if len(steps) == loadgen.MaxRequests {
			dropped++
			continue
		}
		s, err := a.step(o)
		if err == nil {
			err = a.check(s)
		}
		if err != nil {
			i.Notes.Add("left out: %s %s: %v", strings.ToUpper(o.method), o.path, err)
			continue
		}
		steps = append(steps, s)
	}
	if len(steps) == 0 {
		for _, ref := range slices.Sorted(maps.Keys(d.missing)) {
			return imported{}, fmt.Errorf("openapi: no operation can be imported: the reference %.200s is not in this document (references to other files are not followed; bundle them first)", ref)
		}
		return imported{}, fmt.Errorf("openapi: no operation can be imported%s", i.Notes.First())
	}
	if dropped > 0 {
		i.Notes.Add("left out: %s beyond the first %d (select some with --tag)", draft.Count(dropped, "operation", "operations"), loadgen.MaxRequests)
	}
	a.noteRest(steps)
	i.Spec.Scenarios = []loadgen.Scenario{{Name: "operations", Steps: steps}}
	if err := draft.Check(i.Spec); err != nil {
		return imported{}, fmt.Errorf("openapi: %w", err)
	}
	return i, nil
}

// check returns an error if a step is not valid.
func (a *apiImport) check(s loadgen.Step) error {
	one := loadgen.Spec{Target: a.Spec.Target, Users: 1, Duration: duration, Scenarios: []loadgen.Scenario{{Name: "one", Steps: []loadgen.Step{s}}}}
	return draft.Check(one)
}

// step converts an operation to a step.
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
	draft.SetURL(&s, strings.ToUpper(o.method), base+path+query)
	if err := a.body(o, &s); err != nil {
		return s, err
	}
	if status := expectedStatus(a.object(o.fields["responses"])); status != "" {
		s.Checks = []loadgen.Check{{Status: status}}
	}
	return s, a.secure(o, &s)
}

// base returns the prefix for an operation's path, relative to the target. The server of the first operation becomes the target.
func (a *apiImport) base(o operation) (string, error) {
	server := a.server(o)
	if a.target != "" {
		u, err := url.Parse(server)
		if err != nil {
			return "", fmt.Errorf("its server %.80q is not a URL", server)
		}
		if own, err := url.Parse(a.target); err == nil && own.Path != "" {
			u = &url.URL{}
		}
		server = a.target + "/" + strings.TrimPrefix(u.EscapedPath(), "/")
	}
	u := draft.WebURL(server)
	if u == nil || u.Hostname() == "" || strings.ContainsAny(u.Host, "{}") {
		return "", fmt.Errorf("its server %.80q is not an http or https URL: set one with --target", server)
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

// name returns a unique name for a step: the operationId, or method and path.
func (a *apiImport) name(o operation) string {
	name := text(o.fields["operationId"])
	if name == "" {
		name = strings.ToUpper(o.method) + " " + o.path
	}
	return draft.UniqueName(name, a.names)
}

// expectedStatus returns the documented 2xx and 3xx statuses, separated by commas, or "".
func expectedStatus(responses object) string {
	var all []string
	for _, code := range slices.Sorted(maps.Keys(responses)) {
		if code = strings.ToLower(code); len(code) == 3 && (code[0] == '2' || code[0] == '3') {
			all = append(all, code)
		}
	}
	return strings.Join(all, ",")
}

// noteRest notes the parts of the document that the spec lacks.
func (a *apiImport) noteRest(steps []loadgen.Step) {
	if a.skipped > 0 {
		a.Notes.Add("left out: %s without an example", draft.Count(a.skipped, "optional parameter", "optional parameters"))
	}
	if a.media > 0 {
		a.Notes.Add("%s several media types: the first supported one is sent", draft.Count(a.media, "operation accepts", "operations accept"))
	}
	var callbacks, links, schemas int
	for _, o := range a.operations(new(draft.Notes), nil) {
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
		n            int
		one, several string
	}{
		{len(a.object(a.root["webhooks"])), "webhook", "webhooks"}, {callbacks, "callback", "callbacks"}, {links, "link from a response to another operation", "links from a response to another operation"},
		{schemas, "response schema: only the status is checked", "response schemas: only the status is checked"},
	} {
		if left.n > 0 {
			a.Notes.Add("left out: %s", draft.Count(left.n, left.one, left.several))
		}
	}
	for _, ref := range slices.Sorted(maps.Keys(a.missing)) {
		a.Notes.Add("left out: the reference %.200s, which is not in this document", ref)
	}
	if _, secrets := (loadgen.Spec{Scenarios: []loadgen.Scenario{{Steps: steps}}}).Outside(); len(secrets) > 0 {
		a.Notes.Add("the run needs %s: use -e NAME=VALUE or set them in the environment", strings.Join(secrets, ", "))
	}
}
