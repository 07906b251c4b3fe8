package shop

import (
	"fmt"
	"net/http"
	"strconv"
)

const maxHops = 50

// redirect serves a chain of redirects: /redirect/N redirects to /redirect/N-1, and so on to 0, alternating between relative references
// and absolute URLs.
func (s *Shop) redirect(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n > maxHops {
		notFound(w, r, "redirect")
		return
	}
	if n == 0 {
		answerJSON(w, r, http.StatusOK, map[string]bool{"arrived": true})
		return
	}
	to := strconv.Itoa(n - 1)
	if n%2 == 0 {
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		to = fmt.Sprintf("%s://%s/redirect/%s", scheme, r.Host, to)
	}
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusFound)
}
