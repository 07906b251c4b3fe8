package gateway

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"landfall/node"
)

type stopInput struct {
	RunPath
	Body *struct {
		Reason string `json:"reason,omitempty" maxLength:"200"`
	} `required:"false"`
}

type adjustInput struct {
	RunPath
	Body struct {
		Rate    float64 `json:"rate,omitempty" minimum:"0.01" maximum:"10000000" doc:"requests per second, fleet total; the name in spec files"`
		RateRPS float64 `json:"rate_rps,omitempty" minimum:"0.01" maximum:"10000000" doc:"the same under its name in messages; set one of the two"`
	}
}

// rate returns the new rate, which must be given under exactly one of its names.
func (in *adjustInput) rate() (float64, error) {
	switch {
	case in.Body.Rate != 0 && in.Body.RateRPS != 0:
		return 0, huma.Error422UnprocessableEntity("validation failed", &huma.ErrorDetail{Message: "is the same field as rate: set one of them", Location: "body.rate_rps", Value: in.Body.RateRPS})
	case in.Body.Rate == 0 && in.Body.RateRPS == 0:
		return 0, huma.Error422UnprocessableEntity("validation failed", &huma.ErrorDetail{Message: "must be set: requests per second, fleet total", Location: "body.rate"})
	}
	return max(in.Body.Rate, in.Body.RateRPS), nil
}

// orderRoutes registers the operations that control a run in progress.
func (g *Gateway) orderRoutes(api huma.API) {
	huma.Register(api, order("stop", "Stop a run: drivers issue no more requests and report"), func(ctx context.Context, in *stopInput) (*struct{}, error) {
		reason := "stopped over the API"
		if in.Body != nil && in.Body.Reason != "" {
			reason = node.Clean(in.Body.Reason, 200)
		}
		return g.order(ctx, in.TestID, func(ctx context.Context) error { return g.o.Stop(ctx, in.TestID, reason) })
	})
	huma.Register(api, order("adjust", "Change the rate of a tsunami"), func(ctx context.Context, in *adjustInput) (*struct{}, error) {
		rate, err := in.rate()
		if err != nil {
			return nil, err
		}
		return g.order(ctx, in.TestID, func(ctx context.Context) error { return g.o.SetRate(ctx, in.TestID, rate) })
	})
	for _, plain := range []struct {
		verb, summary string
		do            func(context.Context, string) error
	}{
		{"pause", "Pause: drivers issue no requests until the run is resumed", g.o.Pause},
		{"resume", "Resume a paused run", g.o.Resume},
		{"adopt", "Take control of a run from another orchestrator", g.o.Adopt},
	} {
		huma.Register(api, order(plain.verb, plain.summary), func(ctx context.Context, in *RunPath) (*struct{}, error) {
			return g.order(ctx, in.TestID, func(ctx context.Context) error { return plain.do(ctx, in.TestID) })
		})
	}
}

func order(verb, summary string) huma.Operation {
	return huma.Operation{
		OperationID: verb + "-run", Method: http.MethodPost, Path: "/api/v1/runs/{test_id}/" + verb, Summary: summary,
		DefaultStatus: http.StatusAccepted, MaxBodyBytes: 16 << 10,
	}
}

func (g *Gateway) order(ctx context.Context, testID string, do func(context.Context) error) (*struct{}, error) {
	if _, err := g.run(testID); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, actFor)
	defer cancel()
	return nil, problem(do(ctx))
}
