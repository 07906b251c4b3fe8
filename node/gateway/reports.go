package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"landfall/loadgen/evidence"
	"landfall/node/findings"
	"landfall/node/orchestrator"
	"landfall/node/report"
	"landfall/node/report/render"
)

type reportInput struct {
	RunPath
	Format string `query:"format" enum:"json,csv,text,html" default:"json"`
	Match  string `header:"If-None-Match"`
}

type reportOutput struct {
	Status      int
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Cache       string `header:"Cache-Control"`
	Policy      string `header:"Content-Security-Policy"`
	Running     bool   `header:"Landfall-Running"`
	Body        []byte
}

// reportPolicy allows a report page only its own inline style.
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type intervalsOutput struct {
	Body struct {
		Total     int               `json:"total"`
		Intervals []report.Interval `json:"intervals"`
	}
}

func (g *Gateway) reportRoutes(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "get-report", Method: http.MethodGet, Path: "/api/v1/runs/{test_id}/report",
		Summary: "The report; partial while the run is in progress",
		Responses: map[string]*huma.Response{
			"200": {Description: "In the requested format", Content: map[string]*huma.MediaType{
				"application/json":          {Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[report.Report](), true, "Report")},
				"text/csv; charset=utf-8":   {Schema: &huma.Schema{Type: huma.TypeString}},
				"text/html; charset=utf-8":  {Schema: &huma.Schema{Type: huma.TypeString}},
				"text/plain; charset=utf-8": {Schema: &huma.Schema{Type: huma.TypeString}},
			}},
			"304": {Description: "not changed since the version that If-None-Match names"},
			"default": {Description: "Error", Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[huma.ErrorModel](), true, "")}}},
		},
	}, g.report)
	huma.Register(api, look("get-diagnosis", "/api/v1/runs/{test_id}/diagnosis", "Diagnosis: findings, the first request of each failure, the slowest requests, and figures by step, scenario, group and check"), g.diagnosis)
	huma.Register(api, look("list-intervals", "/api/v1/runs/{test_id}/intervals", "Its figures, second by second"), func(_ context.Context, in *struct {
		RunPath
		Page
	}) (*intervalsOutput, error) {
		r, err := g.o.Intervals(in.TestID)
		if err != nil {
			return nil, noReport(err)
		}
		out := &intervalsOutput{}
		from, to := in.part(len(r.Intervals))
		out.Body.Total, out.Body.Intervals = len(r.Intervals), append([]report.Interval{}, r.Intervals[from:to]...)
		return out, nil
	})
}

// diagnosis explains the course of a run: findings, evidence of failed requests, the slowest responses, and figures by step and
// of users.
type diagnosis struct {
	Findings     []findings.Finding       `json:"findings" doc:"the strongest first"`
	UnexpectedBy map[evidence.Cause]int64 `json:"unexpected_by" doc:"unexpected responses by what was wrong first: status, body or check"`
	Failures     []report.Failure         `json:"failures" doc:"why requests had no response, the most frequent reason first"`
	Exchanges    []evidence.Exchange      `json:"exchanges" doc:"the first requests that failed in each way, without secrets"`
	Slowest      []evidence.Slow          `json:"slowest" doc:"requests that were answered, the slowest first"`
	Named        []report.Named           `json:"named" doc:"figures by request or step, in the order of the spec"`
	Scenarios    *report.Scenarios        `json:"scenarios,omitempty" doc:"figures of users: iterations, scenarios, groups and checks"`
}

func (g *Gateway) diagnosis(_ context.Context, in *RunPath) (*struct{ Body diagnosis }, error) {
	r, err := g.o.Diagnosis(in.TestID)
	if err != nil {
		return nil, noReport(err)
	}
	return &struct{ Body diagnosis }{diagnosis{r.Findings, r.UnexpectedBy, r.Failures, r.Exchanges, r.Slowest, named(r.Named), r.Scenarios}}, nil
}

// named returns the figures by request without the blocks, which only comparisons need.
func named(list []report.Named) []report.Named {
	list = slices.Clone(list)
	for i := range list {
		list[i].Blocks = nil
	}
	return list
}

// noReport converts the error of a missing report: the run is unknown, or has not started.
func noReport(err error) error {
	if errors.Is(err, orchestrator.ErrUnknownRun) {
		return problem(err)
	}
	return huma.Error404NotFound(err.Error())
}

func (g *Gateway) report(_ context.Context, in *reportInput) (*reportOutput, error) {
	r, running, err := g.o.Report(in.TestID)
	if err != nil {
		return nil, noReport(err)
	}
	out := &reportOutput{Status: http.StatusOK, Running: running, Cache: "private, no-cache"}
	var b bytes.Buffer
	switch in.Format {
	case "csv":
		out.ContentType, err = "text/csv; charset=utf-8", render.CSV(&b, r)
	case "html":
		out.ContentType, out.Policy, err = "text/html; charset=utf-8", reportPolicy, render.HTML(&b, r)
	case "text":
		out.ContentType = "text/plain; charset=utf-8"
		if running {
			fmt.Fprintf(&b, "%s is still running: the report is partial\n\n", in.TestID)
		}
		render.Text(&b, r, false)
	default:
		out.ContentType, err = "application/json", json.NewEncoder(&b).Encode(r)
	}
	if err != nil {
		return nil, err
	}
	out.ETag = fmt.Sprintf(`"%x"`, sha256.Sum256(b.Bytes()))
	if in.Match == "*" || strings.Contains(in.Match, out.ETag) {
		out.Status, out.ContentType = http.StatusNotModified, ""
		return out, nil
	}
	out.Body = b.Bytes()
	return out, nil
}
