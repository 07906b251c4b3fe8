package importer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/importer/draft"
)

// noteGaps notes which values cannot be correlated: those in response bodies that the archive lacks, and credentials that no response
// contains.
func (i *imported) noteGaps(steps []loadgen.Step, sent []*harEntry) {
	var lost, fixed []string
	requests := map[string]int{}
	for n := range steps {
		if sent[n].lacksBody() {
			lost = append(lost, steps[n].Name)
		}
		for _, what := range fixedCredentials(&steps[n]) {
			if requests[what]++; requests[what] == 1 {
				fixed = append(fixed, what)
			}
		}
	}
	for n, what := range fixed {
		fixed[n] = fmt.Sprintf("%s (%s)", what, draft.Count(requests[what], "request", "requests"))
	}
	if len(lost) > 0 {
		i.note("the archive lacks the bodies of %s in JSON or HTML (%s), so that tokens in them are not found; browsers discard them when they leave the page",
			draft.Count(len(lost), "response", "responses"), shortList(lost))
	}
	if len(fixed) > 0 {
		i.note("sent as recorded, because no recorded response has its value: %s; extract it in an earlier step if it expires", shortList(fixed))
	}
}

// lacksBody reports whether the body of a response was not recorded, although it may contain values of later requests.
func (e *harEntry) lacksBody() bool {
	c, kind := e.Response.Content, strings.ToLower(e.Response.Content.MimeType)
	status, _ := strconv.Atoi(string(e.Response.Status))
	return c.Text == "" && c.Size != "" && c.Size != "0" && status >= 200 && status < 300 && status != 204 && !strings.EqualFold(e.Request.Method, "HEAD") &&
		(strings.Contains(kind, "json") || strings.Contains(kind, "html"))
}

// fixedCredentials returns the names of the credentials of a step that are not placeholders.
func fixedCredentials(s *loadgen.Step) (list []string) {
	for name, value := range s.Headers {
		if loadgen.NamesCredential(name) && !strings.Contains(value, "{{") && !strings.HasPrefix(value, "Basic ") && len(value) >= minValue {
			list = append(list, "header "+name)
		}
	}
	slices.Sort(list)
	for _, text := range []string{*urlOf(s), s.Body} {
		for _, m := range namedToken().FindAllStringSubmatch(text, -1) {
			if name := "parameter " + m[1]; !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return list
}

// namedToken matches a value in a query, form or JSON document by the name of its field.
var namedToken = field.Pattern(`(?i)(?:^|[?&"])([a-z0-9_.-]*(?:token|csrf|xsrf|nonce)[a-z0-9_.-]*)(?:=|"\s*:\s*")[^&"{}\s]{8,}`)

// shortList joins the first few names of a list.
func shortList(names []string) string {
	const most = 5
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
