package gateway

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"landfall/loadgen"
)

// mostBody is the longest body that is read, in bytes: a spec with a table in it.
const mostBody = 4 << 20

func (g *Gateway) routes() (http.Handler, error) {
	mux := http.NewServeMux()
	c := huma.DefaultConfig("landfall", g.config.Version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "/api/v1/openapi", "", "", nil
	c.FieldsOptionalByDefault = true
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[loadgen.Duration](), reflect.TypeFor[int64]())
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[loadgen.Histogram](), reflect.TypeFor[string]())
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	api := humago.New(mux, c)
	g.driverRoutes(api)
	g.runRoutes(api)
	g.reportRoutes(api)
	g.healthRoutes(api)
	mux.Handle("GET /metrics", g.metrics())
	mux.HandleFunc("GET /api/v1/live", g.live.socket)
	mux.HandleFunc("GET /api/v1/live/events", g.live.events)
	if err := pageRoutes(mux); err != nil {
		return nil, err
	}
	return g.door.guard(mux), nil
}

// Page is which part of a list is asked for.
type Page struct {
	Limit  int `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Offset int `query:"offset" minimum:"0" default:"0"`
}

// part is that part of a list of n.
func (p Page) part(n int) (from, to int) {
	from = min(p.Offset, n)
	return from, min(n, from+p.Limit)
}
