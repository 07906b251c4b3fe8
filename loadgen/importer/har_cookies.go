package importer

import (
	"net/http"
	"slices"
	"strings"

	"landfall/loadgen/importer/draft"
)

// jar tracks the cookies of a recording. Users of a scenario send those that the target sets.
type jar struct {
	headers int             // number of Cookie headers in requests
	set     map[string]bool // names of cookies that a response has set
	earlier []string        // names of cookies that were sent before a response set them
}

// sent records the Cookie header of a request.
func (j *jar) sent(header string) {
	j.headers++
	for pair := range strings.SplitSeq(header, ";") {
		name, _, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if ok && !j.set[name] && !slices.Contains(j.earlier, name) {
			j.earlier = append(j.earlier, name)
		}
	}
}

// received records the cookies of a response.
func (j *jar) received(cookies []*http.Cookie) {
	for _, c := range cookies {
		if j.set == nil {
			j.set = map[string]bool{}
		}
		j.set[c.Name] = true
	}
}

// report notes that Cookie headers are left out, and which cookies users lack therefore.
func (j *jar) report(i *imported) {
	if j.headers > 0 {
		i.note("left out: %s: users send the cookies that the target sets", draft.Count(j.headers, "Cookie header", "Cookie headers"))
	}
	if len(j.earlier) > 0 {
		list := j.earlier
		if len(list) > 10 {
			list = append(list[:10:10], "…")
		}
		i.note("no recorded response sets these cookies before a request sends them: %s: users do not send them; record the login, too, or set headers.Cookie",
			strings.Join(list, ", "))
	}
}
