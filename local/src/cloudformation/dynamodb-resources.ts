import type { ResourceType } from './resource-type';

export const dynamodbResources: Record<string, ResourceType> = {};
