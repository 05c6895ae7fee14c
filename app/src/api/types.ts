// The API's shapes, by the names that the app uses.

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Answer = Schemas["Answer"];
export type Agent = Schemas["Agent"];
export type AgentState = Schemas["AgentState"];
export type Author = Schemas["Author"];
export type Canned = Schemas["Canned"];
export type CannedText = Schemas["CannedText"];
export type Conversation = Schemas["Conversation"];
export type ConversationList = Schemas["ConversationList"];
export type Delivery = Schemas["Delivery"];
export type Draft = Schemas["Draft"];
export type Flag = Schemas["Flag"];
export type Here = Schemas["Here"];
export type History = Schemas["History"];
export type ListRow = Schemas["ListRow"];
export type Message = Schemas["Message"];
export type MessageList = Schemas["MessageList"];
export type Overview = Schemas["Overview"];
export type Presence = Schemas["Presence"];
export type Problem = Schemas["Problem"];
export type QueueState = Schemas["QueueState"];
export type Row = Schemas["Row"];
export type Session = Schemas["Session"];
export type State = Schemas["State"];
export type Template = Schemas["Template"];
export type TemplateCall = Schemas["TemplateCall"];
export type Ticket = Schemas["Ticket"];
export type Upload = Schemas["Upload"];
export type View = Schemas["View"];
export type Work = Schemas["Work"];
