/** A logical id out of a lower_snake_case or kebab-case name. */
exports.pascalCase = (name) =>
  name.replace(/(?:^|[_-])(\w)/g, (_match, letter) => letter.toUpperCase());
