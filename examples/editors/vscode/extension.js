// Starts `zgrad lsp` for .math files.

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = () => {
  const settings = workspace.getConfiguration("zgrad");
  const server = { command: settings.get("path"), args: ["lsp"] };
  const options = {
    documentSelector: [{ language: "zgrad" }],
    initializationOptions: { derivativeHints: settings.get("derivativeHints") },
    synchronize: {
      configurationSection: "zgrad",
      fileEvents: workspace.createFileSystemWatcher("**/*.math"),
    },
  };
  client = new LanguageClient("zgrad", "zgrad", server, options);
  return client.start();
};

exports.deactivate = () => client?.stop();
