package gateway

import (
	"context"
	"crypto/sha256"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/gateway/access"
	"landfall/node/orchestrator"
)

// triggerFor is the timeout of a trigger: waiting for drivers and their answers, and the start.
const triggerFor = 90 * time.Second

// bodyTimeout is the timeout for reading the body of a request to create a run.
const bodyTimeout = 10 * time.Second

// RunPath is the run's ID in a path. It is exported because huma ignores embedded fields of unexported types.
type RunPath struct {
	TestID string `path:"test_id" maxLength:"128"`
}

type runList struct {
	Body struct {
		Total int   `json:"total"`
		Runs  []Run `json:"runs" doc:"the newest first"`
	}
}

// Create describes a run to start.
type Create struct {
	Spec      loadgen.Spec      `json:"spec" required:"true"`
	Drivers   []string          `json:"drivers,omitempty" doc:"only these, by name" maxItems:"10000"`
	Labels    map[string]string `json:"labels,omitempty" doc:"drivers that have all of these"`
	Count     int               `json:"count,omitempty" minimum:"0" maximum:"100000" doc:"as many drivers as this; 0: all"`
	WaitForUS int64             `json:"wait_for_us,omitempty" minimum:"0" maximum:"60000000" doc:"how long to wait for them"`
}

type createInput struct {
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Repeating a key returns the same response without triggering another run; with a different body it is refused. The latest 1,000 keys are remembered until this process exits."`
	RawBody []byte
	Body    Create
}

type runOutput struct {
	Location string `header:"Location"`
	Body     Run
}

func (g *Gateway) runRoutes(api huma.API) {
	huma.Register(api, look("list-runs", "/api/v1/runs", "Runs, the newest first"), func(_ context.Context, in *Page) (*runList, error) {
		out := &runList{}
		out.Body.Runs = []Run{}
		g.o.View(func(s *fleet.State) {
			all := slices.Clone(s.Runs())
			slices.Reverse(all)
			from, to := in.part(len(all))
			for _, r := range all[from:to] {
				out.Body.Runs = append(out.Body.Runs, g.viewRun(r))
			}
			out.Body.Total = len(all)
		})
		return out, nil
	})
	huma.Register(api, look("get-run", "/api/v1/runs/{test_id}", "One run in its current state"), func(_ context.Context, in *RunPath) (*struct{ Body Run }, error) {
		v, err := g.run(in.TestID)
		return &struct{ Body Run }{v}, err
	})
	huma.Register(api, huma.Operation{
		OperationID: "create-run", Method: http.MethodPost, Path: "/api/v1/runs", Summary: "Trigger a run", Description: "Responds once the start is written, or with the reason why it cannot be. The spec may also have the names and units of spec files, such as rate instead of rate_rps, and duration: \"10s\" instead of duration_us.",
		DefaultStatus: http.StatusCreated, MaxBodyBytes: maxBody, BodyReadTimeout: bodyTimeout,
		Middlewares: huma.Middlewares{messageNames(api)},
	}, g.create)
	g.orderRoutes(api)
}

func (g *Gateway) run(id string) (v Run, err error) {
	err = problem(orchestrator.ErrUnknownRun)
	g.o.View(func(s *fleet.State) {
		if r := s.Run(id); r != nil {
			v, err = g.viewRun(r), nil
		}
	})
	return v, err
}

// create triggers a run. It continues if the caller disconnects, since a retry with the same key may follow.
func (g *Gateway) create(ctx context.Context, in *createInput) (*runOutput, error) {
	key := in.Key
	if key == "" {
		return g.created(g.trigger(ctx, in.Body))
	}
	m, first := g.idempotency.begin(access.Caller(ctx)+"\x00"+key, in.RawBody)
	if first {
		m.testID, m.err = g.trigger(context.WithoutCancel(ctx), in.Body)
		close(m.done)
	}
	if m.sum != sha256.Sum256(in.RawBody) {
		return nil, huma.Error422UnprocessableEntity("this Idempotency-Key was used with a different body")
	}
	select {
	case <-m.done:
		return g.created(m.testID, m.err)
	case <-ctx.Done():
		return nil, problem(ctx.Err())
	}
}

func (g *Gateway) trigger(ctx context.Context, c Create) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, triggerFor)
	defer cancel()
	return g.o.Trigger(ctx, c.Spec, orchestrator.Selection{
		IDs: c.Drivers, Labels: c.Labels, Count: c.Count, Wait: time.Duration(c.WaitForUS) * time.Microsecond,
	})
}

func (g *Gateway) created(testID string, err error) (*runOutput, error) {
	if err != nil {
		return nil, problem(err)
	}
	v, err := g.run(testID)
	return &runOutput{Location: "/api/v1/runs/" + testID, Body: v}, err
}
