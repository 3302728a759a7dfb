// The only file that talks to the server.

export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new ApiError("offline", 0);
  }
  const body = await response.text();
  let data = null;
  try {
    data = body ? JSON.parse(body) : {};
  } catch {
    throw new ApiError(body.slice(0, 200) || response.statusText, response.status);
  }
  if (!response.ok || data.ok === false) {
    const text = data.description || data.error || response.statusText;
    throw new ApiError(String(text), response.status);
  }
  return data;
}

const post = (path, body) =>
  request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

const query = (values) => {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== null) params.set(key, value);
  }
  return params.toString();
};

export const api = {
  world: () => request("/sim/world"),
  messages: (chat, options) => request(`/sim/chats/${chat}/messages?${query(options)}`),
  events: (since, timeout) => request(`/sim/events?${query({ since, timeout })}`),
  commands: (options) => request(`/sim/commands?${query(options)}`),
  mails: () => request("/sim/mails"),
  send: (body) => post("/sim/send", body),
  tap: (body) => post("/sim/tap", body),
  join: (body) => post("/sim/join", body),
  leave: (body) => post("/sim/leave", body),
  block: (body) => post("/sim/block", body),
  react: (body) => post("/sim/react", body),
  remove: (body) => post("/sim/delete", body),
  pin: (body) => post("/sim/pin", body),
  vote: (body) => post("/sim/vote", body),
  approve: (body) => post("/sim/approve", body),
  addUser: (body) => post("/sim/users", body),
  addChat: (body) => post("/sim/chats", body),
};
