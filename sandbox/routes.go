package sandbox

import (
	"context"
	"net/http"
)

func (s *Sandbox) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(prefixZendesk+"/", s.traffic.Wrap(peerZendesk, prefixZendesk,
		s.serve(func(g *generation) http.Handler { return g.zendeskAPI })))
	mux.Handle(prefixWhatsApp+"/", s.traffic.Wrap(peerWhatsApp, prefixWhatsApp,
		s.serve(func(g *generation) http.Handler { return g.whatsappAPI })))
	mux.Handle(prefixCDN+"/", s.traffic.Wrap(peerZendesk, "/sandbox",
		s.serve(func(g *generation) http.Handler { return g.cdn })))
	mux.Handle(prefixPhone+"/", s.serve(func(g *generation) http.Handler { return g.phoneAPI }))
	mux.Handle(prefixHelpdesk+"/", s.serve(func(g *generation) http.Handler { return g.helpdeskAPI }))
	mux.Handle(prefixSteering+"/", s.serve(func(g *generation) http.Handler { return g.steeringAPI }))
	s.mountControl(mux)
	mountPages(mux, s.cfg.Zendesk.App.Origins())
	return mux
}

// serve hands a request to the present generation; one that lasts, such as a stream, ends with it.
func (s *Sandbox) serve(pick func(*generation) http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g := s.current()
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(g.ctx, cancel)() //nolint:contextcheck // the generation ends it, the request's context stays its parent
		pick(g).ServeHTTP(w, r.WithContext(ctx))
	})
}
