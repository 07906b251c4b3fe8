package gateway

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestPageIsSelfContained: the page refers to nothing that is served elsewhere, has no inline script or style, and is
// downloaded again only if it has changed.
func TestPageIsSelfContained(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son\w+=|<script[^>]*>[^<]|javascript:`)
	elsewhere := regexp.MustCompile(`(?:src|href)="(?:https?:)?//|@import|url\(|from 'https?:`)
	named := regexp.MustCompile(`(?:(?:src|href)="|from '\.)(/[^"']+)`)
	paths, seen := []string{"/"}, map[string]bool{}
	for len(paths) > 0 {
		path := paths[0]
		paths = paths[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		resp := s.call("GET", path, "", nil)
		body, _ := io.ReadAll(resp.Body)
		text := string(body)
		if resp.StatusCode != http.StatusOK || text == "" {
			t.Errorf("%s: %s, %d bytes", path, resp.Status, len(text))
		}
		if again := s.call("GET", path, "", nil, "If-None-Match", resp.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %s", path, again.Status)
		}
		if policy := resp.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if strings.Contains(path, "uPlot") {
			continue
		}
		if found := elsewhere.FindString(text); found != "" {
			t.Errorf("%s refers to another server: %s", path, found)
		}
		if found := inline.FindString(text); found != "" && path == "/" {
			t.Errorf("%s has inline script or style: %s", path, found)
		}
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			if next := m[1]; strings.HasSuffix(path, ".js") {
				paths = append(paths, "/page"+next)
			} else {
				paths = append(paths, next)
			}
		}
	}
	if len(seen) < 9 {
		t.Errorf("only %d files are referred to: %v", len(seen), seen)
	}
	license, _ := io.ReadAll(s.call("GET", "/page/uPlot.LICENSE", "", nil).Body)
	if !strings.Contains(string(license), "MIT") || !strings.Contains(string(license), "Leon Sorokin") {
		t.Errorf("uPlot's license: %.80s", license)
	}
}
