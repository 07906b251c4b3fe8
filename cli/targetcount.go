package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"landfall/node/report"
)

// targetCounter is a counter of the target itself, in Prometheus' text format.
type targetCounter struct{ address, metric string }

// defaultCounter is the sample target's counter of requests.
const defaultCounter = "landfall_target_requests_total"

// parseTargetCounter parses URL or URL#COUNTER; nil for "".
func parseTargetCounter(text string) (*targetCounter, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("--target-count %q: must be like http://host/metrics#http_requests_total", text)
	}
	c := &targetCounter{metric: u.Fragment}
	if c.metric == "" {
		c.metric = defaultCounter
	}
	u.Fragment = ""
	c.address = u.String()
	return c, nil
}

// read fetches the counter, summed over all its labels.
func (c *targetCounter) read(ctx context.Context) (int64, error) {
	const most = 16 << 20
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.address, nil)
	if err != nil {
		return 0, fmt.Errorf("--target-count: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("--target-count: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("--target-count %s: the target answers %s", c.address, resp.Status)
	}
	sum, found := sumOf(io.LimitReader(resp.Body, most), c.metric)
	if !found {
		return 0, fmt.Errorf("--target-count %s: there is no counter %s (name it as URL#COUNTER)", c.address, c.metric)
	}
	return int64(sum), nil
}

// counted runs a test and adds the growth of the counter to its report; c may be nil.
func counted(c *targetCounter, run func() (*report.Report, error)) (*report.Report, error) {
	if c == nil {
		return run()
	}
	before, err := c.read(context.Background())
	if err != nil {
		return nil, err
	}
	r, err := run()
	if r == nil {
		return nil, err
	}
	after, unread := c.read(context.Background())
	if unread != nil { // the report is still useful
		r.Warnings = append(r.Warnings, unread.Error())
		return r, err
	}
	r.CheckTargetCount(after - before)
	return r, err
}

// sumOf adds up the samples of a metric in Prometheus' text format
// (https://prometheus.io/docs/instrumenting/exposition_formats/).
func sumOf(r io.Reader, metric string) (sum float64, found bool) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		rest, ok := strings.CutPrefix(lines.Text(), metric)
		if !ok || rest == "" || rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		if rest[0] == '{' { // a label's value may contain braces, escaped or not: the last brace ends the labels
			rest = rest[strings.LastIndexByte(rest, '}')+1:]
		}
		fields := strings.Fields(rest)
		if len(fields) == 0 {
			continue
		}
		if v, err := strconv.ParseFloat(fields[0], 64); err == nil {
			sum, found = sum+v, true
		}
	}
	return sum, found
}
