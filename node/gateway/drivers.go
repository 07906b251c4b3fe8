package gateway

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"landfall/node/fleet"
)

// actFor is the timeout of one command to the fleet: an unresponsive broker must not block the caller forever.
const actFor = 15 * time.Second

type driverPath struct {
	NodeID string `path:"node_id" maxLength:"128"`
}

type driverList struct {
	Body struct {
		Total   int      `json:"total"`
		Drivers []Driver `json:"drivers"`
	}
}

func (g *Gateway) driverRoutes(api huma.API) {
	huma.Register(api, look("list-drivers", "/api/v1/drivers", "Registered drivers, by name"), func(_ context.Context, in *Page) (*driverList, error) {
		out := &driverList{}
		out.Body.Drivers = []Driver{}
		g.o.View(func(s *fleet.State) {
			all := s.Drivers()
			from, to := in.part(len(all))
			for _, d := range all[from:to] {
				out.Body.Drivers = append(out.Body.Drivers, viewDriver(d))
			}
			out.Body.Total = len(all)
		})
		return out, nil
	})
	huma.Register(api, look("get-driver", "/api/v1/drivers/{node_id}", "One driver"), func(_ context.Context, in *driverPath) (*struct{ Body Driver }, error) {
		out := &struct{ Body Driver }{}
		if !g.driver(in.NodeID, &out.Body) {
			return nil, huma.Error404NotFound("no such driver")
		}
		return out, nil
	})
	g.end(api, "kill", "Kill the driver's process", false)
	g.end(api, "drain", "Drain the driver, then stop its process", true)
}

func (g *Gateway) driver(id string, v *Driver) (found bool) {
	g.o.View(func(s *fleet.State) {
		if d := s.Driver(id); d != nil {
			*v, found = viewDriver(d), true
		}
	})
	return found
}

func (g *Gateway) end(api huma.API, verb, summary string, drain bool) {
	huma.Register(api, huma.Operation{
		OperationID: verb + "-driver", Method: http.MethodPost, Path: "/api/v1/drivers/{node_id}/" + verb, Summary: summary,
		DefaultStatus: http.StatusAccepted,
	}, func(ctx context.Context, in *driverPath) (*struct{}, error) {
		if !g.driver(in.NodeID, &Driver{}) {
			return nil, huma.Error404NotFound("no such driver")
		}
		ctx, cancel := context.WithTimeout(ctx, actFor)
		defer cancel()
		return nil, problem(g.o.Kill(ctx, in.NodeID, drain))
	})
}
