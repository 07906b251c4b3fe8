package importer

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/importer/draft"
	"landfall/loadgen/script"
)

// scenarioDuration is the initial duration of an imported scenario.
const scenarioDuration = loadgen.Duration(time.Minute)

// Gaps between requests of at least minThink become think time, of at most maxThink.
const (
	minThink = 300 * time.Millisecond
	maxThink = time.Minute
)

// ScenarioFromHAR converts an HTTP archive, as recorded by a browser or proxy, to a scenario. The requests to one origin, selected by host
// as in [FromHAR], become steps; the gaps between them become think time. Values of responses that later requests send, such as tokens,
// are extracted and filled in. Cookies are those that the target sets. Images, styles, scripts and fonts are left out unless assets is
// true. See the package documentation for notes.
func ScenarioFromHAR(data []byte, files fs.FS, host string, assets bool, notes ...func(note string)) (loadgen.Spec, error) {
	i, err := scenarioFromHAR(data, files, host, assets)
	return i.report(notes), err
}

func scenarioFromHAR(data []byte, files fs.FS, host string, assets bool) (imported, error) {
	recorded, err := fromHAR(data, files, host)
	if err != nil {
		return imported{}, err
	}
	var i imported
	entries, err := readHAR(&i, data, files)
	if err != nil {
		return imported{}, err
	}
	i.Spec = loadgen.Spec{Target: recorded.Spec.Target, Users: 1, Duration: scenarioDuration}
	origin := strings.TrimSuffix(i.Spec.Target, "/")
	if !assets {
		entries = i.withoutAssets(entries, origin)
	}
	steps, sent := i.steps(i.only(entries, origin))
	if len(steps) == 0 {
		return imported{}, fmt.Errorf("har: the archive has no request that can be a step%s", draft.Notes(i.Notes).First())
	}
	i.chooseVersion(sent)
	i.noteSpecial(sent)
	i.correlate(steps, sent)
	i.noteGaps(steps, sent)
	i.Spec.Headers = commonHeaders(steps)
	i.Spec.Scenarios = []loadgen.Scenario{{Name: "recorded", Steps: withThinkTime(steps, sent)}}
	if err := script.Check(i.Spec.WithDefaults()); err != nil {
		return imported{}, fmt.Errorf("har: %w", err)
	}
	return i, nil
}

func (i *imported) withoutAssets(entries []*harEntry, origin string) (kept []*harEntry) {
	dropped := 0
	for _, e := range entries {
		if e.origin == origin && e.isAsset() {
			dropped++
			continue
		}
		kept = append(kept, e)
	}
	if dropped > 0 {
		i.note("left out: %s (images, styles, scripts, fonts; see --assets)", draft.Count(dropped, "asset", "assets"))
	}
	return kept
}

// commonHeaders moves the headers that all steps have in common out of the steps and returns them.
func commonHeaders(steps []loadgen.Step) map[string]string {
	common := maps.Clone(steps[0].Headers)
	for _, s := range steps {
		maps.DeleteFunc(common, func(name, value string) bool {
			have, ok := s.Headers[name]
			return !ok || have != value || strings.Contains(value, "{{")
		})
	}
	for n := range steps {
		s := &steps[n]
		maps.DeleteFunc(s.Headers, func(name, _ string) bool { _, ok := common[name]; return ok })
		if len(s.Headers) == 0 {
			s.Headers = nil
		}
	}
	if len(common) == 0 {
		return nil
	}
	return common
}

// isAsset reports whether an entry is a part of a page that browsers cache.
func (e *harEntry) isAsset() bool {
	kind, _, _ := strings.Cut(strings.ToLower(e.Response.Content.MimeType), ";")
	switch {
	case !strings.EqualFold(e.Request.Method, "GET"):
		return false
	case strings.HasPrefix(kind, "image/"), strings.HasPrefix(kind, "font/"), strings.HasPrefix(kind, "video/"), strings.HasPrefix(kind, "audio/"),
		kind == "text/css", strings.HasSuffix(kind, "javascript"):
		return true
	}
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".css", ".js", ".mjs", ".woff", ".woff2", ".ttf"}, strings.ToLower(path.Ext(e.url.Path)))
}

// steps converts entries to steps. sent are the entries of these steps; the others are left out with a note.
func (i *imported) steps(entries []*harEntry) (steps []loadgen.Step, sent []*harEntry) {
	names, cookies := map[string]int{}, jar{}
	for _, e := range entries {
		var one imported // the entry as a plain request, which is checked in the same way
		one.Spec.Target = i.Spec.Target
		if !one.add(e, names) {
			i.Notes = append(i.Notes, one.Notes...)
			continue
		}
		for _, note := range one.Notes {
			i.note("%s", note)
		}
		r := one.Spec.Requests[0]
		s := loadgen.Step{Name: r.Name, Headers: r.Headers, Body: r.Body, BodyBase64: r.BodyBase64}
		if want := loadgen.FormatStatuses(r.Expect.Statuses); want != nil {
			s.Checks = []loadgen.Check{{Status: want[0]}}
		}
		if !draft.SetURL(&s, r.Method, r.URL) {
			i.note("entry %d is left out: steps do not support the method %s", e.number, r.Method)
			continue
		}
		for name := range s.Headers {
			if strings.EqualFold(name, "Cookie") {
				cookies.sent(s.Headers[name])
				delete(s.Headers, name)
			}
		}
		cookies.received(e.setCookies())
		steps, sent = append(steps, s), append(sent, e)
	}
	cookies.report(i)
	return steps, sent
}

// withThinkTime inserts think time for the gaps between requests.
func withThinkTime(steps []loadgen.Step, sent []*harEntry) []loadgen.Step {
	var all []loadgen.Step
	var ended time.Time // latest end of the requests so far
	for n, e := range sent {
		started, err := time.Parse(time.RFC3339, e.Started)
		if gap := started.Sub(ended).Round(100 * time.Millisecond); n > 0 && err == nil && !ended.IsZero() && gap >= minThink {
			all = append(all, loadgen.Step{Think: min(gap, maxThink).String()})
		}
		all = append(all, steps[n])
		if end := started.Add(time.Duration(e.Time * float64(time.Millisecond))); err == nil && end.After(ended) {
			ended = end
		}
	}
	return all
}
