// Package sandbox is two believable peers for the demo, the tests and the load generator: a simulated Zendesk and a
// simulated WhatsApp, with their pages, faults that can be ordered and a clock that can be moved.
//
// It imports nothing of Ponte's other packages. All of it is one http.Handler:
//
//	/sandbox/                  the phone beside the helpdesk
//	/sandbox/phone             phone page; its calls are below /sandbox/phone/api (see package graph)
//	/sandbox/helpdesk          helpdesk page, with the installed app where there is one (ZendeskConfig.App); its calls are below
//	                           /sandbox/helpdesk/api (see package desk)
//	/sandbox/pages/…           the pages' scripts and styles
//	/sandbox/zendesk           simulated Zendesk, its API below /api/v2
//	/sandbox/cdn               the file store that its attachments may redirect to
//	/sandbox/whatsapp          simulated Graph API
//	/sandbox/control/requests  GET: [{"peer","method","path","status","count"}], status 0 for cut connections;
//	                           with ?by=endpoint ids in paths are * and .json is left out: /api/v2/tickets/*
//	/sandbox/control/faults    GET: the list; POST: a fault is added, a list replaces all, an empty one clears
//	/sandbox/control/clock     GET: {"now","offset_seconds"}; POST {"offset_seconds"}: moves the clock
//	/sandbox/control/mails     GET, ?ticket_id=&to=: the e-mails that the account's triggers sent ([]desk.Mail)
//	/sandbox/control/reset     POST: clears counters, faults and mails, with ?data=1 also both peers' data and the clock;
//	                           the installed app's key stays
//	/sandbox/control/whatsapp  GET, POST: how webhooks are disturbed (graph.Knobs); what is left out is zero
//	/sandbox/control/zendesk   GET, POST: the account's knobs (desk.Knobs); what is left out is zero
//	/sandbox/control/zendesk/limits  GET: how close callers came to the limits (desk.LimitCounters), 429s of faults included
//	/sandbox/control/zendesk/account POST {"seed":"full|muted|empty"}: the account begins anew with another seed (desk.SeedFull …)
//
// Control bodies are strict JSON: an unknown field, a wrong type or a value out of range is a 400 with
// {"error":"…"}. Paths in faults and counters are without the peer's prefix: /api/v2/tickets/1, /v26.0/<id>/messages.
package sandbox
