// Package desk is the sandbox's Zendesk: a believable Support account behind the documented HTTP API, written from the
// vendor's documents alone and sharing nothing with Ponte's client.
//
// # Rules that the documents leave open
//
// A write acts as the user behind the token. The first comment's author is comment.author_id, else submitter_id, else
// the requester. A ticket leaves `new` when somebody is assigned to it or when the status is set; it never goes back.
// Solving an unassigned ticket assigns the updater where the ticket's group has them. A comment of an end user who
// writes by themselves (e-mail) reopens pending, on-hold and solved tickets; one written through the API in their name
// does not. Solved tickets are closed by the account's automation (Config.CloseSolvedAfter). Times have whole seconds.
// A token's scope is checked: reading needs `read` or `<resource>:read`, writing `write` or `<resource>:write`.
// Unknown and read-only keys are dropped with X-Zendesk-API-Warn.
//
// # What the helpdesk page calls
//
// HelpdeskAPI serves JSON. Every call but the first two names the agent who sits at the page in the header
// `X-Desk-Agent` (the stream also takes `?agent=`), else it answers 401. Errors have the API's envelope.
//
//	GET  /agents                      who can sign in: {agents:[{id,name,role,email,groups:[{id,name}]}]}
//	POST /session {agent_id}          signs in without password: {agent:{…}}; the page keeps the id for X-Desk-Agent
//	GET  /me                          {agent:{…}}
//	GET  /tickets                     ?status=&group_id=&assignee_id=(id|me|none)&tag=&view_id=&q=&page=&per_page=
//	                                  {tickets:[…],count,page,next_page}, latest change first
//	GET  /tickets/{id}                {ticket:{…},comments:[…],requester,organization,assignee,group}
//	PUT  /tickets/{id}                {status,assignee_id,group_id,subject,tags,priority,custom_fields,
//	                                  comment:{body|html_body,public,uploads}} → as GET; all keys optional
//	POST /tickets                     {subject,requester_id,comment…} → 201, as GET
//	POST /tickets/{id}/customer       {body,user_id?}: the customer answers by e-mail → as GET
//	GET  /tickets/{id}/macros/{macro} {result:{ticket:{…}}}: what the macro would change; saves nothing
//	POST /uploads?filename=           the raw file → 201 {upload:{token,attachment}}; &token= adds to a token
//	GET  /users?q=  /organizations    {users:[…]} {organizations:[…]}
//	GET  /groups /macros /fields /views  {groups} {macros} {fields,forms} {views}
//	GET  /changes?since=N&wait=25     waits up to wait seconds for something newer: {seq,reset,changes:[{seq,ticket_id}]}
//	GET  /stream?agent=ID             the same as server-sent events: `event: change`, `data: {"seq":…,"ticket_id":…}`
//	GET|PUT /knobs                    the webhook disturbances, see Knobs
//
// Times are RFC 3339 in UTC; a comment is {id,author_id,author:{id,name,role},public,body,html_body,created_at,channel,
// attachments:[{id,file_name,content_type,size,content_url}]}. html_body is sanitised.
package desk
